"""How much memory and time decoding one file may take. The process that decodes sets these limits on itself."""

import resource

MEMORY = 1_536 * 1024 * 1024  # bytes of address space; the largest picture that is accepted needs less
PROCESSOR_SECONDS = 40
SECONDS = 60


def set_on_this_process() -> None:
    """Beyond the memory, libvips fails or the process ends. Beyond the time, the process ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
