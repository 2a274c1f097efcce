"""A pyftpdlib server for the tests: prints its port, then serves until killed.

argv[1] is a JSON object: root, certificate (PEM path or null), tls_only, mlsd, epsv,
masquerade, idle (seconds), max_per_ip, no_replace, tls13.
"""
import json
import logging
import sys

from OpenSSL import SSL

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
from pyftpdlib.servers import ThreadedFTPServer

want = json.loads(sys.argv[1])
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
authorizer = DummyAuthorizer()
authorizer.add_user("ann", "secret", want["root"], perm="elradfmwMT")


class Handler(TLS_FTPHandler if want["certificate"] else FTPHandler):
    def ftp_RNTO(self, path):
        if want["no_replace"] and self.fs.lexists(path):
            self.respond("553 File exists.")
            return None
        return super().ftp_RNTO(path)


Handler.authorizer = authorizer
if want["certificate"]:
    Handler.certfile = want["certificate"]
    Handler.tls_control_required = want["tls_only"]
    Handler.tls_data_required = want["tls_only"]
    if want["tls13"]:
        context = Handler.get_ssl_context()
        context.set_options(SSL.OP_NO_TLSv1_2)
off = []
if not want["mlsd"]:
    off += ["MLSD", "MLST"]
if not want["epsv"]:
    off += ["EPSV"]
Handler.proto_cmds = {k: v for k, v in Handler.proto_cmds.items() if k not in off}
Handler.masquerade_address = want["masquerade"]
Handler.timeout = want["idle"]
Handler.auth_failed_timeout = 0
server = ThreadedFTPServer(("127.0.0.1", 0), Handler)
server.max_cons_per_ip = want["max_per_ip"]
print(server.address[1], flush=True)
server.serve_forever()
