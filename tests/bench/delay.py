"""A link between two network namespaces on which every packet takes a while.

Called as: delay.py SECONDS NAME PID PID. Makes a TUN interface NAME in the network namespace
of each process and carries packets between them, each SECONDS after it was sent; nothing is
lost, reordered or limited in rate. Prints a line once both are there; the interfaces are gone
when it ends.

The kernels' TCP stays as it is on both ends. Packets are carried as the kernel hands them out,
up to 64 KiB before segmentation with the header that says how to segment them (IFF_VNET_HDR),
so that carrying them costs little.
"""

import collections
import ctypes
import errno
import fcntl
import os
import select
import struct
import sys
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
TUNSETOFFLOAD = 0x400454D0
IFF_TUN, IFF_NO_PI, IFF_VNET_HDR = 0x0001, 0x1000, 0x4000
TUN_F_CSUM, TUN_F_TSO4 = 0x01, 0x02
# The largest IP packet and the header before it.
LARGEST = 65535 + 10


def interface(name, pid):
    libc = ctypes.CDLL(None, use_errno=True)
    namespace = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    if libc.setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    os.close(namespace)
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", name.encode(), flags))
    fcntl.ioctl(tun, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4)
    return tun


def carry(ends, delay):
    other = dict(zip(ends, reversed(ends)))
    waiting = {end: collections.deque() for end in ends}
    while True:
        due = [queue[0][0] for queue in waiting.values() if queue]
        pause = max(0.0, min(due) - time.monotonic()) if due else None
        readable, _, _ = select.select(ends, [], [], pause)
        now = time.monotonic()
        for end in readable:
            try:
                waiting[other[end]].append((now + delay, os.read(end, LARGEST)))
            except BlockingIOError:
                pass
        for end, queue in waiting.items():
            while queue and queue[0][0] <= now:
                deliver(end, queue.popleft()[1])


def deliver(end, packet):
    try:
        os.write(end, packet)
    except OSError as error:
        # An interface that is not up yet takes nothing.
        if error.errno != errno.EIO:
            raise


def main():
    delay, name, *pids = sys.argv[1:]
    ends = [interface(name, pid) for pid in pids]
    print("ready", flush=True)
    carry(ends, float(delay))


if __name__ == "__main__":
    main()
