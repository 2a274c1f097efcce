"""Paramiko and asyncssh at the work the bench compares, as their users would write it.

Called as: peers.py TOOL ACTION SITE ARGUMENTS, the last two JSON. Prints one line of JSON:
`login` and `seconds`, the time since the login began, and what the action adds. All settings
are the library's defaults but for what names the server.
"""

import asyncio
import json
import sys
import time


class Paramiko:
    """Paramiko: blocking calls."""

    def __init__(self, site):
        import paramiko

        self.paramiko = paramiko
        self.site = site

    def open(self, password=False):
        client = self.paramiko.SSHClient()
        client.load_host_keys(self.site["known_hosts"])
        client.connect(
            self.site["host"],
            self.site["ssh_port"],
            self.site["user"],
            password=self.site["password"] if password else None,
            key_filename=None if password else self.site["key"],
            allow_agent=False,
            look_for_keys=False,
        )
        return client

    def run(self, action, arguments):
        if action == "connect":
            return connect_times(lambda: self.open(arguments["password"]).close(), arguments)
        start = time.perf_counter()
        client = self.open()
        login = time.perf_counter() - start
        figures = getattr(self, action)(client, arguments) or {}
        figures = {"seconds": time.perf_counter() - start, "login": login, **figures}
        client.close()
        return figures

    def get(self, client, arguments):
        client.open_sftp().get(arguments["remote"], arguments["local"])

    def put(self, client, arguments):
        client.open_sftp().put(arguments["local"], arguments["remote"])

    def list(self, client, arguments):
        sftp = client.open_sftp()
        start = time.perf_counter()
        entries = sftp.listdir_attr(arguments["remote"])
        return {"seconds": time.perf_counter() - start, "entries": len(entries)}

    def exec(self, client, arguments):
        times = []
        for _ in range(arguments["times"]):
            start = time.perf_counter()
            _, stdout, _ = client.exec_command("true")
            if stdout.channel.recv_exit_status() != 0:
                raise RuntimeError("true failed")
            times.append(time.perf_counter() - start)
        return percentiles(times)


class Asyncssh:
    """asyncssh: coroutines."""

    def __init__(self, site):
        import asyncssh

        self.asyncssh = asyncssh
        self.site = site

    def open(self, password=False):
        return self.asyncssh.connect(
            self.site["host"],
            self.site["ssh_port"],
            username=self.site["user"],
            known_hosts=self.site["known_hosts"],
            client_keys=None if password else [self.site["key"]],
            password=self.site["password"] if password else None,
            config=None,
            agent_path=None,
        )

    def run(self, action, arguments):
        return asyncio.run(self.perform(action, arguments))

    async def perform(self, action, arguments):
        start = time.perf_counter()
        async with self.open() as connection:
            login = time.perf_counter() - start
            figures = await getattr(self, action)(connection, arguments) or {}
            return {"seconds": time.perf_counter() - start, "login": login, **figures}

    async def get(self, connection, arguments):
        async with connection.start_sftp_client() as sftp:
            await sftp.get(arguments["remote"], arguments["local"])

    async def put(self, connection, arguments):
        async with connection.start_sftp_client() as sftp:
            await sftp.put(arguments["local"], arguments["remote"])

    async def list(self, connection, arguments):
        async with connection.start_sftp_client() as sftp:
            start = time.perf_counter()
            entries = await sftp.readdir(arguments["remote"])
            dots = sum(entry.filename in (".", "..") for entry in entries)
            return {"seconds": time.perf_counter() - start, "entries": len(entries) - dots}

    async def exec(self, connection, arguments):
        times = []
        for _ in range(arguments["times"]):
            start = time.perf_counter()
            await connection.run("true", check=True)
            times.append(time.perf_counter() - start)
        return percentiles(times)


def connect_times(connect, arguments):
    times = []
    for _ in range(arguments["times"]):
        start = time.perf_counter()
        connect()
        times.append(time.perf_counter() - start)
    return percentiles(times)


def percentiles(times):
    """Nearest rank, as the bench has it."""
    times.sort()
    rank = lambda percent: times[max(1, -(-len(times) * percent // 100)) - 1]
    return {"p50": rank(50), "p99": rank(99)}


def main():
    tool, action, site, arguments = sys.argv[1:]
    library = {"paramiko": Paramiko, "asyncssh": Asyncssh}[tool](json.loads(site))
    print(json.dumps(library.run(action, json.loads(arguments))))


if __name__ == "__main__":
    main()
