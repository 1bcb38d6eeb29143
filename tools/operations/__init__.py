"""The commands of the runbook (docs/runbook.md) that no other tool has."""
