"""Runs a command in a process that io_uring is refused to, as containers refuse it: setting one up fails with EPERM."""

import ctypes
import os
import struct
import sys

SET_NO_NEW_PRIVILEGES = 38
SET_SECCOMP = 22
FILTER = 2
IO_URING_SETUP = 425  # on x86-64 and arm64 alike
EPERM = 1

# Instructions of a BPF filter: load the number of the system call, compare, refuse or allow.
PROGRAM = b"".join(
    struct.pack("=HBBI", *instruction)
    for instruction in (
        (0x20, 0, 0, 0),
        (0x15, 0, 1, IO_URING_SETUP),
        (0x06, 0, 0, 0x00050000 | EPERM),
        (0x06, 0, 0, 0x7FFF0000),
    )
)


class Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


libc = ctypes.CDLL(None, use_errno=True)
instructions = ctypes.create_string_buffer(PROGRAM, len(PROGRAM))
program = Filter(len(PROGRAM) // 8, ctypes.cast(instructions, ctypes.c_void_p))
if libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(SET_SECCOMP, FILTER, ctypes.byref(program), 0, 0):
    sys.exit(f"no filter for system calls: {os.strerror(ctypes.get_errno())}")
os.execvp(sys.argv[1], sys.argv[1:])
