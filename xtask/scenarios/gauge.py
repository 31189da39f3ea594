"""What a process holds, looked at again and again: memory, threads, and open files by kind. Imported, not run."""
import collections
import os
import re
import statistics
import threading
import time

SHARE = 1.10  # How much more the last fifth of a run may hold than its second fifth, beside a slack that is stated.


def open_files(pid):
    """How many open files a process has of each kind."""
    kinds = collections.Counter()
    for name in os.listdir("/proc/%d/fd" % pid):
        try:
            target = os.readlink("/proc/%d/fd/%s" % (pid, name))
        except FileNotFoundError:
            continue  # Closed since it was listed.
        kind = target.partition(":")[0] if ":" in target else "file"
        kinds[{"anon_inode": "event"}.get(kind, kind)] += 1
    return kinds


def half_closed(pid):
    """How many TCP connections the other side has closed and the process has not."""
    inodes = set()
    for name in os.listdir("/proc/%d/fd" % pid):
        try:
            inodes.add(os.readlink("/proc/%d/fd/%s" % (pid, name)))
        except FileNotFoundError:
            continue
    rows = [line.split() for line in open("/proc/%d/net/tcp" % pid).readlines()[1:]]
    return sum(row[3] == "08" and "socket:[%s]" % row[9] in inodes for row in rows)


def memory(pid):
    """Resident and proportional memory in MiB."""
    text = open("/proc/%d/smaps_rollup" % pid).read()
    return tuple(int(re.search(r"^%s:\s+(\d+) kB" % name, text, re.M).group(1)) / 1024 for name in ("Rss", "Pss"))


def threads(pid):
    return int(re.search(r"^Threads:\s+(\d+)", open("/proc/%d/status" % pid).read(), re.M).group(1))


Sample = collections.namedtuple("Sample", "at rss pss threads files")


def look(pid):
    rss, pss = memory(pid)
    return Sample(time.monotonic(), rss, pss, threads(pid), open_files(pid))


class Gauge(threading.Thread):
    """Looks at a process every so often until it is told to end."""

    def __init__(self, pid, every):
        super().__init__(daemon=True)
        self.pid, self.every, self.samples, self.over = pid, every, [], threading.Event()

    def run(self):
        while not self.over.wait(self.every):
            try:
                self.samples.append(look(self.pid))
            except (FileNotFoundError, ProcessLookupError, AttributeError):
                return  # It has ended; whoever needs it notices.

    def end(self):
        self.over.set()
        self.join()


def fifths(values):
    """The medians of the second and the last fifth."""
    size = max(1, len(values) // 5)
    return statistics.median(values[size:2 * size] or values), statistics.median(values[-size:])


class Flat:
    """Whether what was looked at stayed as it was: the last fifth against the second one."""

    def __init__(self, what, unit, values, slack):
        self.what, self.unit, self.slack, self.most = what, unit, slack, max(values)
        self.early, self.late = fifths(values)
        self.holds = self.late <= self.early * SHARE + slack

    def row(self):
        return "| %s | %.1f | %.1f | %.1f | %.1f |" % (self.what, self.early, self.late, self.early * SHARE + self.slack, self.most)


def flatness(samples, more_threads=2):
    """Memory, threads and open files of a run. Threads for work that blocks come and go with the load."""
    return [
        Flat("resident memory, MiB", "MiB", [sample.rss for sample in samples], 4),
        Flat("proportional memory, MiB", "MiB", [sample.pss for sample in samples], 4),
        Flat("threads", "", [sample.threads for sample in samples], more_threads),
        *(Flat("open files: " + kind, "", [sample.files[kind] for sample in samples], 8)
          for kind in sorted(set().union(*(sample.files for sample in samples)))),
    ]


HEAD = "| the server | second fifth | last fifth | may be | most |\n|---|---|---|---|---|"
