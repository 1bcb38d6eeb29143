"""What decoding one file may take before it is ended. The process that decodes sets them on itself."""

import resource

MEMORY = 1_536 * 1024 * 1024  # bytes of address space; the largest picture that is taken in needs less
PROCESSOR_SECONDS = 40
SECONDS = 60


def set_on_this_process() -> None:
    """Where memory ends, libvips fails or the process ends; where time ends, the process ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
