"""An SSH server that does as a JSON file says: asyncssh_server.py CONFIG.

The keys of "settings" are those AsyncSshBuilder writes. The process gives up root before it
serves anyone. SIGUSR1 cuts all connections.
"""

import asyncio
import functools
import json
import logging
import os
import signal
import stat
import sys

import asyncssh
from asyncssh.packet import String, UInt32
from asyncssh.sftp import SFTPServerHandler

SHELL = "/bin/sh"
# Bytes passed on at once.
BLOCK = 64 * 1024


class Status(asyncssh.SFTPError):
    """A status with any code; asyncssh itself replaces codes that version 3 lacks."""

    def encode(self, version):
        return UInt32(self.code) + String(self.reason) + String("")


class Fault:
    """What goes wrong with an SFTP request, and with which one."""

    def __init__(self, spec):
        self.op = spec["op"]
        self.path = spec.get("path")
        self.skip = spec.get("after", 0)
        self.left = spec.get("times")
        self.action = spec["action"]

    def due(self, op, path):
        """Whether this request is the one; counts it if it is."""
        if op != self.op or (self.path is not None and self.path.encode() not in path):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.left is not None:
            if self.left == 0:
                return False
            self.left -= 1
        return True

    async def happen(self, connection):
        kind, value = self.action["kind"], self.action.get("value")
        if kind == "status":
            raise Status(value["code"], value["text"])
        if kind == "delay":
            await asyncio.sleep(value)
        elif kind == "hang":
            await asyncio.get_running_loop().create_future()
        elif kind == "disconnect":
            connection.abort()
            await asyncio.get_running_loop().create_future()


def install_faults(settings):
    """Puts the faults before asyncssh's own handling of each SFTP request."""
    faults = [Fault(spec) for spec in settings.get("faults", [])]
    without = [name.encode() for name in settings.get("without_extensions", [])]
    listing = settings.get("listing") is not None

    def wrap(handler):
        op = handler.__name__.removeprefix("_process_")

        @functools.wraps(handler)
        async def wrapped(self, packet):
            position = packet._idx
            first = packet.get_string()
            packet._idx = position
            paths = self.__dict__.setdefault("handle_paths", {})
            path = paths.get(first, first)
            logging.info("sftp %s %r", op, path)
            for fault in faults:
                if fault.due(op, path):
                    await fault.happen(self._server.connection)
            if op == "opendir" and not listing:
                # asyncssh would find out at the first readdir only.
                os.scandir(self._server.map_path(path)).close()
            result = await handler(self, packet)
            if op in ("open", "opendir"):
                paths[result] = path
            return result

        return wrapped

    SFTPServerHandler._packet_handlers = {
        key: wrap(handler)
        for key, handler in SFTPServerHandler._packet_handlers.items()
        if key not in without
    }
    SFTPServerHandler._extensions = [
        extension for extension in SFTPServerHandler._extensions if extension[0] not in without
    ]


KINDS = {"file": stat.S_IFREG, "directory": stat.S_IFDIR, "link": stat.S_IFLNK}


def sftp_name(entry):
    """An entry of a made-up listing; each character of its name is one byte."""
    attrs = asyncssh.SFTPAttrs(
        permissions=KINDS[entry["kind"]] | entry["mode"],
        size=entry["size"],
        uid=0,
        gid=0,
        atime=entry["mtime"],
        mtime=entry["mtime"],
    )
    return asyncssh.SFTPName(entry["name"].encode("latin-1"), attrs=attrs)


def sftp_factory(settings):
    listing = settings.get("listing")
    count = settings.get("listing_count", 0)

    class Sftp(asyncssh.SFTPServer):
        async def scandir(self, path):
            if listing is None and not count:
                async for name in super().scandir(path):
                    yield name
            for entry in listing or []:
                yield sftp_name(entry)
            for number in range(count):
                entry = {"name": f"{number:08}", "kind": "file", "mode": 0o644}
                yield sftp_name(entry | {"size": number, "mtime": 1_700_000_000})

    return Sftp


def server_class(config, settings):
    rounds = settings.get("keyboard_interactive")

    class Server(asyncssh.SSHServer):
        def connection_made(self, conn):
            self.conn = conn
            connections.add(conn)

        def connection_lost(self, exc):
            connections.discard(self.conn)

        async def begin_auth(self, username):
            if settings.get("auth_banner"):
                self.conn.send_auth_banner(settings["auth_banner"])
            await asyncio.sleep(settings.get("auth_delay", 0))
            return not settings.get("no_auth", False)

        def password_auth_supported(self):
            return settings["password"]

        def validate_password(self, username, password):
            return username == config["user"] and password == config["password"]

        def public_key_auth_supported(self):
            return settings["key"]

        def validate_public_key(self, username, key):
            # Read each time: tests add lines while the server runs.
            with open(config["authorized_keys"], encoding="utf-8") as file:
                lines = [line.split() for line in file]
            wanted = key.export_public_key().decode().split()[1]
            return username == config["user"] and any(wanted in words for words in lines)

        def kbdint_auth_supported(self):
            return rounds is not None

        def get_kbdint_challenge(self, username, lang, submethods):
            self.round = 0
            return self.challenge()

        def challenge(self):
            if self.round == len(rounds):
                return True
            spec = rounds[self.round]
            prompts = [(prompt["text"], prompt["echo"]) for prompt in spec["prompts"]]
            return spec["name"], spec["instructions"], "", prompts

        def validate_kbdint_response(self, username, responses):
            answers = [prompt["answer"] for prompt in rounds[self.round]["prompts"]]
            # No answer asked for stands for the password.
            answers = [config["password"] if a is None else a for a in answers]
            if username != config["user"] or list(responses) != answers:
                return False
            self.round += 1
            return self.challenge()

    return Server


async def run_command(process, config, commands):
    command = process.command
    logging.info("command %r", command)
    spec = commands.get(command)
    if command is not None and command.startswith("open-unasked "):
        await open_unasked(process, command.split(" ")[1])
        return
    if spec is None:
        await run_shell(process, config)
        return
    process.stdout.write(spec["stdout"].encode("latin-1"))
    process.stderr.write(spec["stderr"].encode("latin-1"))
    await asyncio.sleep(spec["delay"])
    if spec["hang"]:
        # Whatever is sent, signals and the end of input too, nothing happens.
        await asyncio.get_running_loop().create_future()
    if spec["signal"] is not None:
        process.exit_with_signal(spec["signal"])
    elif spec["exit"] is not None:
        process.exit(spec["exit"])
    else:
        process.channel.close()


async def open_unasked(process, kind):
    """Opens a channel to the client that it did not ask for, and tells what became of it."""
    connection = process.channel.get_connection()
    try:
        if kind == "forwarded-tcpip":
            opening = connection.create_connection(asyncssh.SSHTCPSession, "127.0.0.1", 4711)
        elif kind == "x11":
            opening = connection.create_x11_connection(asyncssh.SSHTCPSession)
        else:
            opening = connection.create_agent_connection(asyncssh.SSHUNIXSession)
        channel, _ = await asyncio.wait_for(opening, 10)
        channel.close()
        said = "opened"
    except asyncssh.ChannelOpenError as error:
        said = f"refused {error.code}"
    process.stdout.write(said.encode())
    process.exit(0)


async def run_shell(process, config):
    args = [SHELL] if process.command is None else [SHELL, "-c", process.command]
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        *args,
        cwd=config["home"],
        env={"HOME": config["home"], "USER": config["user"], "PATH": "/usr/bin:/bin"},
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        start_new_session=True,
    )

    def kill(number):
        if child.returncode is None:
            os.killpg(child.pid, number)

    async def forward_input():
        while True:
            try:
                data = await process.stdin.read(BLOCK)
            except asyncssh.SignalReceived as received:
                kill(signal.Signals["SIG" + received.signal])
                continue
            except (asyncssh.BreakReceived, asyncssh.TerminalSizeChanged):
                continue
            if not data:
                child.stdin.close()
                return
            child.stdin.write(data)
            await child.stdin.drain()

    async def forward_output(source, target):
        while data := await source.read(BLOCK):
            target.write(data)
            await target.drain()

    async def kill_when_left():
        await process.wait_closed()
        kill(signal.SIGKILL)

    helpers = [asyncio.ensure_future(forward_input()), asyncio.ensure_future(kill_when_left())]
    try:
        await asyncio.gather(
            forward_output(child.stdout, process.stdout),
            forward_output(child.stderr, process.stderr),
        )
        code = await child.wait()
        if code < 0:
            process.exit_with_signal(signal.Signals(-code).name.removeprefix("SIG"))
        else:
            process.exit(code)
    except (BrokenPipeError, ConnectionError):
        logging.info("the client left")
    finally:
        kill(signal.SIGKILL)
        for helper in helpers:
            helper.cancel()


connections = set()


def cut_connections():
    for connection in list(connections):
        connection.abort()


async def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        config = json.load(file)
    settings = config["settings"]
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(message)s")
    install_faults(settings)
    commands = settings.get("commands", {})
    options = {
        name: settings[name]
        for name in (
            "encryption_algs",
            "kex_algs",
            "mac_algs",
            "compression_algs",
            "rekey_bytes",
            "window",
            "max_pktsize",
            "server_version",
            "login_timeout",
        )
        if name in settings
    }
    acceptor = await asyncssh.listen(
        "127.0.0.1",
        config["port"],
        server_factory=server_class(config, settings),
        # Loaded, as the files are looked up again at each login, by a user who cannot read them.
        server_host_keys=[asyncssh.read_private_key(path) for path in config["host_keys"]],
        process_factory=lambda process: run_command(process, config, commands),
        sftp_factory=sftp_factory(settings) if settings["sftp"] else None,
        encoding=None,
        reuse_address=True,
        **options,
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, cut_connections)
    if config.get("uid") is not None:
        os.setgroups([])
        os.setgid(config["uid"])
        os.setuid(config["uid"])
    os.umask(0o022)
    # What relative paths of SFTP start from.
    os.chdir(config["home"])
    await acceptor.wait_closed()


asyncio.run(main())
