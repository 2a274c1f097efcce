"""An FTP server that does as a JSON file says: pyftpd.py CONFIG.

The keys of "settings" are those PyftpdlibBuilder writes. The process gives up root before it
serves anyone. SIGUSR1 cuts all connections.
"""

import json
import logging
import os
import signal
import sys
import time

from OpenSSL import SSL
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import (
    DTPHandler,
    FTPHandler,
    ThrottledDTPHandler,
    TLS_DTPHandler,
    TLS_FTPHandler,
)
from pyftpdlib.servers import FTPServer


def data_handler(base, settings):
    """The data connection, with the faults asked for."""
    down = settings.get("cut_downloads_after")
    up = settings.get("cut_uploads_after")

    resumption = settings.get("require_resumption_in")
    forget_after = settings.get("forget_sessions_after")
    secured = 0

    class Data(base):
        sent_bytes = 0
        received_bytes = 0

        def handle_ssl_established(self):
            nonlocal secured
            secured += 1
            if secured == forget_after:
                # Tickets of one context mean nothing to another.
                control = self.cmd_channel
                type(control).ssl_context = control.ssl_context = control.next_context
            version = self.socket.get_protocol_version_name()
            # pyOpenSSL does not pass this one on.
            resumed = bool(SSL._lib.SSL_session_reused(self.socket._ssl))
            self.log(f"data connection in {version}, {'' if resumed else 'not '}resumed")
            if resumption is not None and not (resumed and version in resumption):
                self.cut("522 SSL connection failed: session reuse required.")

        def cut(self, reply):
            if not self._closed:
                self.cmd_channel.respond(reply)
                # What close() would answer by itself.
                self._resp = ()
                self.close()

        def send(self, data):
            if resumption is not None and self._ssl_accepting:
                # Not before the handshake's end, where the connection may be refused.
                return 0
            if down is not None:
                data = data[: max(0, down - self.sent_bytes)]
                if not data:
                    self.cut("426 Connection closed; transfer aborted.")
                    return 0
            count = super().send(data)
            self.sent_bytes += max(0, count or 0)
            return count

        def recv(self, buffer_size):
            chunk = super().recv(buffer_size)
            self.received_bytes += len(chunk)
            if up is not None and self.received_bytes > up:
                self.cut("552 Exceeded storage allocation.")
                return b""
            return chunk

    return Data


def control_handler(base, settings):
    """The control connection, with the faults asked for."""
    replies = settings.get("replies", {})
    delays = settings.get("delays", {})
    silent_on = settings.get("silent_on", [])
    close_on = settings.get("close_on", [])
    canned = {"LIST": settings.get("list_lines"), "MLSD": settings.get("mlsd_lines")}

    class Active(base.active_dtp):
        def handle_connect(self):
            super().handle_connect()
            # pyftpdlib 2.2.0 keeps it, and closes it before the next EPRT or PORT: by then its
            # descriptor is another client's, whose connection is never served again.
            if self.cmd_channel._dtp_connector is self:
                self.cmd_channel._dtp_connector = None

    class Control(base):
        active_dtp = Active

        def process_command(self, cmd, *args, **kwargs):
            if cmd in silent_on:
                return
            if cmd in close_on:
                self.close()
            elif cmd in replies:
                self.respond(replies[cmd])
            elif cmd in delays:
                self.ioloop.call_later(
                    delays[cmd], lambda: super(Control, self).process_command(cmd, *args, **kwargs)
                )
            elif canned.get(cmd) is not None:
                # Each character one byte, so that a test can send what is not UTF-8.
                data = "".join(line + "\r\n" for line in canned[cmd]).encode("latin-1")
                self.push_dtp_data(data, cmd=cmd)
            else:
                super().process_command(cmd, *args, **kwargs)

    Control.proto_cmds = {
        name: command
        for name, command in base.proto_cmds.items()
        if name not in settings.get("without", [])
    }
    return Control


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        config = json.load(file)
    settings = config["settings"]
    tls = config.get("tls")
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="%(asctime)s %(message)s")

    data_base, control_base = DTPHandler, FTPHandler
    if tls:
        data_base, control_base = TLS_DTPHandler, TLS_FTPHandler
    elif "throttle" in settings:
        data_base = ThrottledDTPHandler
    handler = control_handler(control_base, settings)
    handler.dtp_handler = data_handler(data_base, settings)
    if "throttle" in settings:
        handler.dtp_handler.read_limit = handler.dtp_handler.write_limit = settings["throttle"]
    if tls:
        handler.certfile = tls["cert"]
        handler.keyfile = tls["key"]
        handler.tls_control_required = handler.tls_data_required = tls["required"]
        # Read while the key can still be read.
        handler.next_context = handler.get_ssl_context()
        handler.ssl_context = None
        handler.get_ssl_context()
        for context in (handler.ssl_context, handler.next_context):
            if "tls_versions" in settings:
                oldest, newest = settings["tls_versions"]
                context.set_min_proto_version(getattr(SSL, oldest))
                context.set_max_proto_version(getattr(SSL, newest))
    if tls and tls["implicit"]:
        inner = handler.handle

        def handle(self):
            self.secure_connection(self.ssl_context)
            inner(self)

        handler.handle = handle
    # Bytes the kernel copies by itself cannot be counted.
    handler.use_sendfile = "cut_downloads_after" not in settings
    handler.encoding = settings.get("encoding", "utf-8")
    if "passive_address" in settings:
        handler.masquerade_address = settings["passive_address"]
    if "idle_timeout" in settings:
        handler.timeout = settings["idle_timeout"]
    if "banner" in settings:
        handler.banner = settings["banner"]
    # A wrong password is answered at once; tests do not guess passwords.
    handler.auth_failed_timeout = 0

    authorizer = DummyAuthorizer()
    authorizer.add_user(config["user"], config["password"], config["home"], perm="elradfmwMT")
    handler.authorizer = authorizer
    server = FTPServer((settings.get("address", "127.0.0.1"), config["port"]), handler)
    server.max_cons = 2000
    server.max_cons_per_ip = settings.get("max_connections", 0)

    # Codecs and the zone are looked up before the user changes, who may not be able to read them.
    "name".encode("idna")
    time.localtime()
    if config.get("uid") is not None:
        os.setgroups([])
        os.setgid(config["uid"])
        os.setuid(config["uid"])
        os.umask(0o022)

    def cut_connections(_signal, _frame):
        for handler in list(server.ioloop.socket_map.values()):
            if handler is not server:
                handler.close()

    signal.signal(signal.SIGUSR1, cut_connections)
    server.serve_forever()


main()
