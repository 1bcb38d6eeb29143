"""What the runbook (docs/runbook.md) does by command, where nothing else has one."""
