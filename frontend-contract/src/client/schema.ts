// Made from openapi.json by `npm run types`. Not edited by hand.

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What this service is
         * @description A browser gets a page instead.
         */
        get: operations["serviceInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/about": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What runs here
         * @description The version helps whoever looks for a known weakness as well, so it is told only to
         *     those who may use the API.
         */
        get: operations["about"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All sessions of the caller
         * @description In the order they were opened. Does not count as using them.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One session
         * @description Does not count as using it.
         */
        get: operations["getSession"];
        put?: never;
        post?: never;
        /** Close a session */
        delete: operations["disconnect"];
        options?: never;
        head?: never;
        /**
         * Rename a session
         * @description Counts as using it.
         */
        patch: operations["renameSession"];
        trace?: never;
    };
    "/connections/{session_id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Folders and files as one zip or tar
         * @description Made while it is sent, of any size, in the memory of a single file. Links are never
         *     followed: they are links in the archive. Devices and pipes are not in it, nor what
         *     cannot be read; the last entry, `NOT-INCLUDED.txt`, then tells what and why. A lost
         *     connection, or a file that ends before its size, breaks the answer off, so that no
         *     program takes it for whole. In a zip, a byte of a name that is not UTF-8 is one
         *     character of U+F780 to U+F7FF, and `\` is U+F05C; in a tar, names are the bytes they
         *     are.
         */
        get: operations["getArchive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/attributes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change permissions, times, owner or size
         * @description What the server cannot do answers 501, and nothing was changed.
         */
        post: operations["setAttributes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/capabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a session can do */
        get: operations["capabilities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/checksum": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Checksum of a file, computed by its server
         * @description The file's bytes do not cross the network. Which algorithms there are is among the
         *     session's capabilities; the others answer 501.
         */
        get: operations["checksum"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A file's content
         * @description The bytes as they come. One `Range` is answered with a part, several with the whole;
         *     `If-Range`, `If-None-Match` and `If-Modified-Since` are understood, and `If-Match` and
         *     `If-Unmodified-Since`. A file that ends before its promised size breaks the connection;
         *     one that grows is cut at it.
         */
        get: operations["getContent"];
        /**
         * Write a file
         * @description The body is the content, of any length and type. The file appears whole or not at
         *     all: until the last byte is there the old one stays, and a body that breaks off
         *     changes nothing.
         *
         *     With `partial`, an upload can be gone on with. The body is gathered in the file of that
         *     name beside the one that `path` leads to, from `offset` on; what lies behind is cut off.
         *     A body that breaks off, or ends before `size`, leaves there what arrived, and nothing
         *     else. `HEAD` or `stat` of the partial file tells how far it is. An `offset` beyond that
         *     answers 409 with the code `offset_mismatch` and the true `size`; so does one before it
         *     where the server cannot cut a file (FTP). A server that cannot write at an offset
         *     answers 501. A complete file takes its place as without `partial`. One upload of a
         *     session at a time gathers in a partial file: another waits up to 10 s for it to end, and
         *     is answered 503 then.
         *
         *     `If-Match` with the `ETag` of a `GET` refuses with 412 to replace a file that changed
         *     since, `If-None-Match: *` one that is there; `If-Unmodified-Since` is understood. The
         *     file is looked at before the body and again after it, not in one step with taking its
         *     place, and the tag is made of size and time: a change within the same second that keeps
         *     the size goes unseen.
         */
        put: operations["putContent"];
        /**
         * Write the files of a form
         * @description Each file goes to the directory under its own name, and appears whole or not at all;
         *     any number of bytes streams through. A file that cannot be stored is among `errors` and
         *     those after it are stored; the status is 200 then too, unless not a single one was
         *     stored, when it is that of the first failure. A body that breaks off leaves the files
         *     that were complete by then and nothing of the others. Inputs without a file are passed
         *     over, as are fields that are no files. At most 1000 parts.
         */
        post: operations["postContent"];
        delete?: never;
        options?: never;
        /**
         * What is known of a file's content
         * @description The headers of the same `GET` of the whole file. The file is not opened.
         */
        head: operations["headContent"];
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/copy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Copy a file or a tree, also to another session
         * @description On the remote server where it can, else through this one, without a file on it. A
         *     copy appears whole or not at all, with the permissions of the original, or those of
         *     the file it replaces. `to_session` names another session of the caller's, of any
         *     protocol. With `recursive`, what cannot be copied is among the `errors` of `tree` and
         *     the rest is copied; the status is 200 then too. Closing the connection before the
         *     answer stops the copying.
         */
        post: operations["copy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove a file, a link or a directory
         * @description A link is removed and never followed. With `recursive`, what cannot be removed is
         *     among `errors` and the rest is removed; the status is 200 then too. Closing the
         *     connection before the answer stops the removal.
         */
        post: operations["delete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/directories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a directory */
        post: operations["makeDirectory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fetch a file
         * @description To the disk of the server's machine, where it appears whole or not at all.
         */
        post: operations["download"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/downloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Order a download
         * @description For pages: a browser that fetches an address by itself streams it to disk, but sends
         *     no access token and no long list of paths. The answer's ticket fetches the download
         *     from `GET /downloads`, once, for whoever has it. What cannot be downloaded is refused
         *     here.
         */
        post: operations["createDownload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a directory in parts
         * @description In the server's order, links not followed. Memory is the same however large the
         *     directory is. `next_cursor` asks for the next part. The listing is kept for it for a
         *     minute, so that nothing is missed or given twice while the directory changes; later,
         *     and after some 100,000 entries over FTP, the directory is listed anew up to that
         *     place.
         */
        get: operations["listEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/exec": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Commands that run
         * @description Those of this route, with those that wait for room on the server.
         */
        get: operations["listExecs"];
        put?: never;
        /**
         * Run a command, to its end or live
         * @description In the account's shell, many at once on one session: where the server has no room for
         *     one more, it waits for another to end, or runs on a further connection.
         *
         *     With `Accept: text/event-stream` the answer is server-sent events while the command
         *     runs, each with JSON as its data: `started` with the `exec_id`; `stdout` and `stderr`
         *     with `data`, each stream in its order; at last `exit`, or `error` with `detail` and
         *     `code`. A comment is sent after 15 seconds without an event. What is wrong before
         *     the command runs is answered with its status.
         *
         *     ```text
         *     event: started
         *     data: {"exec_id":"5e0c2f9a-7d43-4c8e-9d2b-1f6a0c3b7e55"}
         *
         *     event: stdout
         *     data: {"data":"hello\n"}
         *
         *     event: exit
         *     data: {"exit_code":0,"duration_ms":12,"truncated":false}
         *     ```
         *
         *     Closing the connection ends the remote process, and so does cancelling it by its id.
         */
        post: operations["exec"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/exec/{exec_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Cancel a command
         * @description Its remote process is ended as if the client had gone away; who waits for it is told
         *     `cancelled`.
         */
        delete: operations["cancelExec"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/execute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a command
         * @description In the account's shell, without a terminal, each in the home directory. Closing the
         *     connection before the answer ends the command.
         */
        post: operations["executeCommand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List a directory */
        get: operations["listFiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/rename": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rename or move
         * @description On the one server; `copy` also goes to another session. What is there already is replaced
         *     only with `overwrite`, and else refused with 409.
         */
        post: operations["rename"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/size": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Measure a tree
         * @description Counts what is at and below a path, links not followed. What cannot be looked at is
         *     among `errors`, and the rest is counted.
         */
        get: operations["treeSize"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/space": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Space of the file system that holds a path
         * @description 501 where the server does not tell, as over FTP.
         */
        get: operations["space"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/stat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at one entry
         * @description With `follow=false` a link is told as a link, with where it leads.
         */
        get: operations["stat"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/symlink": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a symbolic link
         * @description FTP has none: 501.
         */
        post: operations["symlink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/terminals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The terminals of a session
         * @description Those that run, and the last few that ended.
         */
        get: operations["listTerminals"];
        put?: never;
        /**
         * Open a terminal
         * @description It runs whether or not anybody attaches, for as long as the setting
         *     `terminal_timeout` says. A WebSocket can also open one and attach at once.
         */
        post: operations["openTerminal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/terminals/{terminal_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look at a terminal */
        get: operations["getTerminal"];
        put?: never;
        post?: never;
        /**
         * Close a terminal
         * @description What runs in it is told (`SIGHUP`), and so is whoever is attached.
         */
        delete: operations["closeTerminal"];
        options?: never;
        head?: never;
        /**
         * Rename or resize a terminal
         * @description Whoever is attached is told the new size.
         */
        patch: operations["changeTerminal"];
        trace?: never;
    };
    "/connections/{session_id}/terminals/{terminal_id}/shares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The shares of a terminal */
        get: operations["listShares"];
        put?: never;
        /**
         * Share a terminal for watching
         * @description Whoever has the token may watch, without an access token and without typing, until
         *     the share is over or revoked.
         */
        post: operations["createShare"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/terminals/{terminal_id}/shares/{share_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a share
         * @description Whoever watches by it is sent away.
         */
        delete: operations["revokeShare"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/tunnels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the tunnels */
        get: operations["listTunnels"];
        put?: never;
        /**
         * Open a tunnel
         * @description It lives until it or the session is closed. An open connection through it keeps the
         *     session, an idle tunnel does not. Who may open one, and where to, are the settings
         *     `tunnels` and `tunnel_hosts`.
         */
        post: operations["openTunnel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/tunnels/{tunnel_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look at a tunnel */
        get: operations["getTunnel"];
        put?: never;
        post?: never;
        /** Close a tunnel and every connection through it */
        delete: operations["closeTunnel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/{session_id}/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a file
         * @description From the disk of the server's machine; remotely it appears whole or not at all.
         */
        post: operations["upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/cleanup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close expired sessions
         * @description A background sweep does the same; a body is ignored.
         */
        post: operations["cleanup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/ftp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open an FTP session */
        post: operations["connectFtp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections/ssh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open an SSH session */
        post: operations["connectSsh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/downloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Fetch an ordered download
         * @description Needs no access token: the ticket is one, and cannot be guessed. The whole download, once:
         *     there are no ranges, and no `HEAD`, which would use the ticket up.
         */
        get: operations["getDownload"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the service lives
         * @description Needs no access token.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The caller's recordings
         * @description Those being written included, the newest first.
         */
        get: operations["listRecordings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recordings/{recording_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One recording */
        get: operations["getRecording"];
        put?: never;
        post?: never;
        /**
         * Delete a recording
         * @description One that is being written ends; its terminal goes on.
         */
        delete: operations["deleteRecording"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recordings/{recording_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A recording's content
         * @description A file of asciicast v2, ending with a whole line: also of a recording that is being
         *     written, up to then, and of one whose server was killed. Gaps are markers (`m`).
         *     Understands `Range` and `If-Range`, and the conditions `If-Match`, `If-None-Match`,
         *     `If-Modified-Since` and `If-Unmodified-Since`.
         */
        get: operations["getRecordingContent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/shares/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a ticket to watch a shared terminal
         * @description Needs no access token: the token of the link is one, and cannot be guessed. The
         *     ticket opens `/ws/share`.
         */
        post: operations["createShareTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a ticket
         * @description Pages need one where the server has access tokens, since they cannot set a header on
         *     a WebSocket; programs send the header and need none. A ticket opens the one path for
         *     the caller who asked, once.
         */
        post: operations["createTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ws/share": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch a shared terminal over a WebSocket
         * @description As `/ws/terminal/{session_id}`, for who has a ticket from `/shares/tickets`.
         */
        get: operations["shareSocket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ws/terminal/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a terminal over a WebSocket
         * @description Binary frames are bytes of the terminal, text frames are JSON; the protocol is in
         *     `TERMINAL.md` of the contract.
         */
        get: operations["terminalSocket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ws/tunnel/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Connect to a host and port through the session's server
         * @description Binary frames are bytes both ways; the protocol is in `TUNNEL.md` of the contract. The
         *     server has connected before the answer.
         */
        get: operations["tunnelSocket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * About
         * @description What runs here.
         */
        About: {
            /** @description The commit it was built from, where the build was told. */
            commit?: string;
            /** @description The SSH engine of sessions that ask for none. */
            engine: string;
            /** @description Limits as configured. */
            limits: components["schemas"]["AboutLimits"] & unknown;
            /** @description Name of the program. */
            program: string;
            /**
             * Format: uint64
             * @description The caller's open sessions.
             */
            sessions: number;
            /** @description Whether the API wants an access token. */
            token: boolean;
            /**
             * Format: uint64
             * @description Seconds since it was started.
             */
            uptime_seconds: number;
            /** @description Version of the program; that of the API is another. */
            version: string;
        };
        /**
         * AboutLimits
         * @description Limits as configured.
         */
        AboutLimits: {
            /**
             * Format: uint64
             * @description Longest time of a command, in seconds; absent without a limit.
             */
            command_seconds?: number;
            /**
             * Format: uint64
             * @description HTTP connections at once.
             */
            connections: number;
            /**
             * Format: uint64
             * @description Largest file that is transferred, in bytes; absent without a limit.
             */
            file_size?: number;
            /**
             * Format: uint64
             * @description Seconds an unused session lives.
             */
            session_timeout_seconds: number;
            /**
             * Format: uint64
             * @description Sessions at once, over all callers.
             */
            sessions: number;
            /**
             * Format: uint64
             * @description Terminals of a session.
             */
            terminals: number;
            /**
             * Format: uint64
             * @description WebSockets at once.
             */
            websockets: number;
        };
        /**
         * Attributes
         * @description Attributes to change; what is absent stays.
         * @example {
         *       "modified": "2024-01-31T12:00:00Z",
         *       "path": "/srv/app.conf",
         *       "permissions": "640"
         *     }
         */
        Attributes: {
            /** @description Last read, RFC 3339. */
            accessed?: string;
            /**
             * Format: uint32
             * @description Numeric group.
             */
            gid?: number;
            /** @description Last change, RFC 3339. */
            modified?: string;
            /** @description The file; links are followed. */
            path: string;
            /** @description Permission bits in octal, such as `644`. */
            permissions?: string;
            /**
             * Format: uint64
             * @description Bytes: the file is cut off or filled up with zeros.
             */
            size?: number;
            /**
             * Format: uint32
             * @description Numeric owner.
             */
            uid?: number;
        };
        /**
         * ChangeTerminal
         * @description Changes to a terminal; what is absent stays.
         * @example {
         *       "cols": 120,
         *       "rows": 40
         *     }
         */
        ChangeTerminal: {
            /**
             * Format: uint32
             * @description Width in characters, together with `rows`.
             */
            cols?: number;
            /** @description Name for people, 1 to 100 characters. */
            name?: string;
            /**
             * Format: uint32
             * @description Height in characters, together with `cols`.
             */
            rows?: number;
        };
        /**
         * @description A checksum of content.
         * @enum {string}
         */
        ChecksumKind: "sha256";
        /**
         * ChecksumObject
         * @description A checksum the server computed.
         */
        ChecksumObject: {
            /** @description The algorithm. */
            algorithm: string;
            /** @description The checksum in lower case hexadecimal digits. */
            checksum: string;
        };
        /**
         * Cleaned
         * @description Expired sessions were closed.
         */
        Cleaned: {
            /**
             * Format: uint64
             * @description How many.
             */
            cleaned: number;
            /** @description The same in words. */
            message: string;
        };
        /**
         * CodedDetail
         * @description The body of a refusal of an extension route.
         */
        CodedDetail: {
            /**
             * @description The same for a program, such as `not_found`. Absent when a step before the route
             *     refused the request.
             */
            code?: string;
            /** @description What went wrong, in words for a person. */
            detail: string;
            /**
             * Format: uint64
             * @description With `offset_mismatch`: bytes in the partial file, which is where to go on.
             */
            size?: number;
        };
        /**
         * CommandOutput
         * @description A command ended.
         */
        CommandOutput: {
            /** @description Standard output and standard error. */
            output: string;
        };
        /**
         * Connected
         * @description A session was opened.
         */
        Connected: {
            /** @description Id of the session, a UUID. */
            session_id: string;
        };
        /**
         * Copied
         * @description A file or a tree was copied.
         */
        Copied: {
            /**
             * Format: uint64
             * @description Bytes.
             */
            size: number;
            /** @description What was copied and what was not, when the copy was asked for as `recursive`. */
            tree?: components["schemas"]["TreeObject"] & unknown;
        };
        /**
         * CopyOrder
         * @description Something to copy.
         * @example {
         *       "from": "/srv/site",
         *       "recursive": true,
         *       "to": "backup/site",
         *       "to_session": "7b2c5a4e-0d5e-4f0e-9a52-0a52b5a1c0de"
         *     }
         */
        CopyOrder: {
            /** @description What there is. */
            from: string;
            /** @description Whether files may be replaced [default: false]. */
            overwrite?: boolean;
            /** @description Whether a directory is copied with everything in it [default: false]. */
            recursive?: boolean;
            /**
             * @description What the copy will be; a relative path is taken from the login directory of the
             *     session it goes to.
             */
            to: string;
            /** @description The session the copy goes to [default: the same one]. */
            to_session?: string;
        };
        /**
         * Created
         * @description Directories were made.
         */
        Created: {
            /**
             * Format: uint64
             * @description How many.
             */
            created: number;
        };
        /**
         * CreatedShare
         * @description A link for watching a terminal, and what opens it.
         */
        CreatedShare: {
            /** @description When it was made. */
            created_at: string;
            /** @description When it is worth nothing any more. */
            expires_at: string;
            /** @description The token of the link, for `POST /shares/tickets`. It cannot be had again. */
            share: string;
            /** @description Its id, a UUID, which opens nothing. */
            share_id: string;
        };
        /**
         * Delete
         * @description Something to remove.
         * @example {
         *       "path": "/srv/old",
         *       "recursive": true
         *     }
         */
        Delete: {
            /** @description A file, link or directory. */
            path: string;
            /** @description Whether a directory goes with everything in it [default: false]. */
            recursive?: boolean;
            /**
             * @description What it must be; anything else is refused. Not together with `recursive`
             *     [default: either].
             */
            type?: components["schemas"]["RemovableType"] & unknown;
        };
        /**
         * Detail
         * @description The body of every answer that is not a success.
         */
        Detail: {
            /** @description What went wrong, in words for a person. */
            detail: string;
        };
        /**
         * Done
         * @description Something was done.
         */
        Done: {
            /** @description What was done, in words. */
            message: string;
        };
        /**
         * Download
         * @description A file to fetch.
         */
        Download: {
            /** @description Where to put it on the server's machine [default: its name in the temporary directory]. */
            localPath?: string;
            /** @description The file on the remote machine. */
            remotePath: string;
        };
        /**
         * Downloaded
         * @description A file was downloaded.
         */
        Downloaded: {
            /** @description Where it lies on the server's machine. */
            local_path: string;
            /** @description The same in words. */
            message: string;
            /**
             * Format: uint64
             * @description Bytes.
             */
            size: number;
        };
        /**
         * @description The form of a download.
         * @enum {string}
         */
        DownloadForm: "zip" | "tar" | "file";
        /**
         * DownloadOrder
         * @description What is to be downloaded.
         * @example {
         *       "format": "zip",
         *       "paths": [
         *         "/var/www",
         *         "/etc/nginx"
         *       ]
         *     }
         */
        DownloadOrder: {
            /** @description What comes [default: zip]. */
            format?: components["schemas"]["DownloadForm"] & unknown;
            /** @description Files and folders; a relative path begins at the login directory. At most 10000. */
            paths: string[];
        };
        /**
         * DownloadTicket
         * @description What fetches one download, once.
         */
        DownloadTicket: {
            /**
             * Format: uint64
             * @description Seconds until it is worth nothing.
             */
            expires_in: number;
            /**
             * @description What the file will be called; a byte that is not UTF-8 is one character of U+F780 to
             *     U+F7FF.
             */
            name: string;
            /** @description To be sent as the parameter `ticket` of `GET /downloads`. */
            ticket: string;
        };
        /**
         * Endpoints
         * @description The routes of the contract, each as `METHOD /path`.
         */
        Endpoints: {
            /** @description Close expired sessions. */
            cleanup: string;
            /** @description Close a session. */
            disconnect: string;
            /** @description Fetch a file. */
            download: string;
            /** @description Run a command. */
            execute_command: string;
            /** @description Open an FTP session. */
            ftp_connect: string;
            /** @description Whether the service lives. */
            health: string;
            /** @description List a directory. */
            list_files: string;
            /** @description All sessions. */
            list_sessions: string;
            /** @description Open an SSH session. */
            ssh_connect: string;
            /** @description Send a file. */
            upload: string;
        };
        /**
         * EntryObject
         * @description A file, directory or link.
         */
        EntryObject: {
            /** @description Last read, RFC 3339 in UTC. */
            accessed?: string;
            /**
             * Format: uint32
             * @description Numeric group.
             */
            gid?: number;
            /** @description Name of the group. */
            group?: string;
            /** @description Where a link leads, as it is written in the link. */
            link_target?: string;
            /** @description Last change of the contents, RFC 3339 in UTC. */
            modified?: string;
            /** @description Its name; a byte that is not UTF-8 is one character of U+F780 to U+F7FF. */
            name: string;
            /** @description The exact bytes of a name that is not UTF-8, in base64. */
            name_base64?: string;
            /** @description Name of the owner. */
            owner?: string;
            /**
             * @description Its path, in the same text form; every route takes it back. Absent for a name with
             *     which the server might lead elsewhere, such as `..` or `a/b`.
             */
            path?: string;
            /** @description Permission bits in octal, such as `0644`. */
            permissions?: string;
            /**
             * Format: uint64
             * @description Bytes; of a link the length of its target's name.
             */
            size?: number;
            /** @description What it is. */
            type: components["schemas"]["EntryType"] & unknown;
            /**
             * Format: uint32
             * @description Numeric owner.
             */
            uid?: number;
        };
        /**
         * EntryPage
         * @description A part of a directory.
         */
        EntryPage: {
            /** @description In the server's order. */
            entries: components["schemas"]["EntryObject"][];
            /** @description For the next part; absent at the end. */
            next_cursor?: string;
            /** @description The directory, absolute. */
            path: string;
        };
        /**
         * @description What an entry is.
         * @enum {string}
         */
        EntryType: "file" | "directory" | "symlink" | "other";
        /**
         * @description The stable name of what went wrong, in the header `X-Error-Code` of every answer that is no success. More names may come: take one you do not know by the status.
         *
         *     * `invalid_input`: A value of the request is missing or wrong; `X-Error-Field` names it where it is one field.
         *     * `invalid_json`: The body is not JSON.
         *     * `unsupported_media_type`: The body's `Content-Type` is not one the route takes.
         *     * `request_timed_out`: The request's body did not arrive in time.
         *     * `method_not_allowed`: The route has no such method; `Allow` lists those it has.
         *     * `precondition_failed`: The file is not as `If-Match`, `If-None-Match` or `If-Unmodified-Since` wants it.
         *     * `token_required`: An access token is required.
         *     * `token_invalid`: The access token is not valid.
         *     * `ticket_invalid`: The ticket is not valid (any more).
         *     * `unauthorized`: A WebSocket was asked for without a valid token or ticket.
         *     * `host_not_allowed`: The server is not called by the name in `Host` (setting `allowed_hosts`).
         *     * `origin_not_allowed`: The page in `Origin` may not use this server (setting `cors_origins`).
         *     * `outside_local_roots`: The local path lies outside the allowed directories (setting `local_roots`).
         *     * `host_not_found`: The host's name does not resolve.
         *     * `connection_refused`: The host answers, and nothing listens on the port.
         *     * `unreachable`: There is no way to the host, or the network is down.
         *     * `timed_out`: The remote machine did not answer in time.
         *     * `connection_lost`: The remote machine closed the connection.
         *     * `not_ssh`: What answers on the port does not speak SSH.
         *     * `not_ftp`: What answers on the port does not speak FTP.
         *     * `protocol_error`: The remote machine broke the protocol.
         *     * `no_common_algorithm`: The two sides have no algorithm or TLS version in common.
         *     * `tls_refused`: TLS was asked for, and the FTP server refuses it.
         *     * `tls_failed`: The TLS handshake failed.
         *     * `tls_required`: The FTP server lets nobody in without TLS.
         *     * `host_unknown`: The server's key or certificate is not on record, and the policy is `strict`.
         *     * `host_changed`: The server's key or certificate is another than the one on record.
         *     * `host_revoked`: The server's key is marked as revoked.
         *     * `certificate_invalid`: The server's certificate is another host's, expired, or not meant for this.
         *     * `trust_store`: The record of known servers cannot be read or written.
         *     * `key_unreadable`: The private key's file cannot be read.
         *     * `key_invalid`: What was given is no private key of a known format.
         *     * `passphrase_required`: The private key is encrypted, and no passphrase was given.
         *     * `passphrase_wrong`: The private key is encrypted with another passphrase.
         *     * `authentication_failed`: The server refused user name, password or key.
         *     * `too_many_attempts`: The server ended the connection over the login, as it does after too many attempts or with a locked account.
         *     * `account_required`: The FTP server asks for an account besides the password.
         *     * `server_busy`: The FTP server takes no more connections now, or closed the connection at the login.
         *     * `no_sftp`: The SSH server has no SFTP.
         *     * `session_limit`: This server has as many sessions as it may (setting `max_sessions`).
         *     * `session_not_found`: No such session is open: unknown, closed, expired, or another's.
         *     * `wrong_session_type`: The session's protocol has no such feature.
         *     * `channel_refused`: The server opens no further channel on this connection.
         *     * `limit_reached`: A configured limit is reached.
         *     * `cancelled`: It was given up: by its caller, or because the session or the server ended.
         *     * `not_found`: The remote path, or what was named, does not exist.
         *     * `permission_denied`: The account may not do that.
         *     * `already_exists`: Something of that name exists already.
         *     * `not_a_directory`: The path is no directory.
         *     * `is_a_directory`: The path is a directory.
         *     * `directory_not_empty`: The directory still has entries.
         *     * `no_space`: The remote disk is full.
         *     * `quota_exceeded`: The account's quota is used up.
         *     * `too_large`: It is larger than a limit allows.
         *     * `incomplete`: It ended before all of it had come.
         *     * `offset_mismatch`: The partial file is not as long as the request takes it to be.
         *     * `unsupported`: The server or the protocol cannot do that.
         *     * `failure`: The remote server failed and did not say why.
         *     * `local_not_found`: A file on the machine of this server does not exist.
         *     * `local_permission_denied`: This server may not use a file on its machine.
         *     * `local_no_space`: The disk of this server's machine is full.
         *     * `local_io`: A file on the machine of this server cannot be used.
         *     * `internal`: A mistake of this server.
         * @enum {string}
         */
        ErrorCode: "invalid_input" | "invalid_json" | "unsupported_media_type" | "request_timed_out" | "method_not_allowed" | "precondition_failed" | "token_required" | "token_invalid" | "ticket_invalid" | "unauthorized" | "host_not_allowed" | "origin_not_allowed" | "outside_local_roots" | "host_not_found" | "connection_refused" | "unreachable" | "timed_out" | "connection_lost" | "not_ssh" | "not_ftp" | "protocol_error" | "no_common_algorithm" | "tls_refused" | "tls_failed" | "tls_required" | "host_unknown" | "host_changed" | "host_revoked" | "certificate_invalid" | "trust_store" | "key_unreadable" | "key_invalid" | "passphrase_required" | "passphrase_wrong" | "authentication_failed" | "too_many_attempts" | "account_required" | "server_busy" | "no_sftp" | "session_limit" | "session_not_found" | "wrong_session_type" | "channel_refused" | "limit_reached" | "cancelled" | "not_found" | "permission_denied" | "already_exists" | "not_a_directory" | "is_a_directory" | "directory_not_empty" | "no_space" | "quota_exceeded" | "too_large" | "incomplete" | "offset_mismatch" | "unsupported" | "failure" | "local_not_found" | "local_permission_denied" | "local_no_space" | "local_io" | "internal";
        /**
         * @description How bytes are written as text.
         * @enum {string}
         */
        ExecEncoding: "utf-8" | "base64";
        /**
         * ExecEnd
         * @description How a command ended. Both `exit_code` and `signal` are absent when the server did not
         *     say.
         */
        ExecEnd: {
            /**
             * Format: uint64
             * @description How long it ran, in milliseconds.
             */
            duration_ms: number;
            /**
             * Format: uint32
             * @description The code it returned.
             */
            exit_code?: number;
            /** @description The signal that killed it, without `SIG`, such as `TERM`. */
            signal?: string;
            /**
             * @description Whether it was ended because its output exceeded the limit; what came is then its
             *     beginning, exactly as many bytes as the limit says.
             */
            truncated: boolean;
        };
        /**
         * @description Data of the events of a running command: `started` first, then `stdout` and `stderr`,
         *     each stream in its order, and at last one of `exit` and `error`.
         */
        ExecEventData: components["schemas"]["ExecStarted"] | components["schemas"]["ExecText"] | components["schemas"]["ExecEnd"] | components["schemas"]["CodedDetail"];
        /**
         * ExecList
         * @description Commands of a session that run, or wait for room on the server.
         */
        ExecList: {
            /** @description In the order they were asked for. */
            commands: components["schemas"]["ExecObject"][];
        };
        /**
         * ExecObject
         * @description A command that runs.
         */
        ExecObject: {
            /** @description The first 1000 characters of it. */
            command: string;
            /** @description Its id, a UUID. */
            exec_id: string;
            /** @description When it was asked for, RFC 3339 in UTC. */
            since: string;
        };
        /**
         * ExecOrder
         * @description A command and what it runs with.
         * @example {
         *       "command": "sort | uniq -c",
         *       "directory": "/srv/data",
         *       "env": {
         *         "LC_ALL": "C"
         *       },
         *       "stdin": "b\na\nb\n",
         *       "timeout": 60
         *     }
         */
        ExecOrder: {
            /**
             * @description For the account's shell; at most 131071 bytes (34700 with the
             *     engine libssh2), with what `directory` and `env` add; more can go through `stdin`.
             */
            command: string;
            /**
             * @description The directory to run it in; a relative path begins at the login directory. If it
             *     cannot be entered, nothing is run, the exit code is 125 and standard error says why.
             */
            directory?: string;
            /** @description How `stdin`, `stdout` and `stderr` are written [default: utf-8]. */
            encoding?: components["schemas"]["ExecEncoding"] & unknown;
            /**
             * @description Environment variables, at most 64. Those the server refuses are set by the account's
             *     shell; until the command starts, other accounts of the machine can see their values
             *     in the list of processes.
             */
            env?: {
                [key: string]: string;
            };
            /**
             * Format: uint64
             * @description Bytes of output after which it is ended and `truncated`; at most the configured
             *     limit, which is also the default.
             */
            output_limit?: number;
            /** @description A terminal to run it in; everything is standard output then. */
            pty?: components["schemas"]["PtyOrder"] & unknown;
            /**
             * @description Its standard input, in the `encoding`; then that ends. In a terminal it is typed,
             *     and does not end.
             */
            stdin?: string;
            /**
             * Format: double
             * @description Seconds after which it is ended, with the status 504; at most 3600, and at most the
             *     configured time.
             */
            timeout?: number;
        };
        /**
         * ExecResult
         * @description What a command left behind.
         */
        ExecResult: {
            /**
             * Format: uint64
             * @description How long it ran, in milliseconds.
             */
            duration_ms: number;
            /**
             * Format: uint32
             * @description The code it returned.
             */
            exit_code?: number;
            /** @description The signal that killed it, without `SIG`, such as `TERM`. */
            signal?: string;
            /** @description Standard error. */
            stderr: string;
            /** @description Standard output. */
            stdout: string;
            /**
             * @description Whether it was ended because its output exceeded the limit; what came is then its
             *     beginning, exactly as many bytes as the limit says.
             */
            truncated: boolean;
        };
        /**
         * ExecStarted
         * @description Data of the event `started`: the command runs.
         */
        ExecStarted: {
            /** @description Its id among the session's commands, a UUID. */
            exec_id: string;
        };
        /**
         * ExecText
         * @description Data of the events `stdout` and `stderr`: bytes as they came, at most 32 KiB.
         */
        ExecText: {
            /** @description The bytes, in the `encoding` of the request. */
            data: string;
        };
        /**
         * Execute
         * @description A command.
         */
        Execute: {
            /** @description For the account's shell. */
            command: string;
            /**
             * Format: double
             * @description Ignored; the limit is the server's setting.
             */
            timeout?: number;
        };
        /**
         * ExitObject
         * @description How a program ended; both are absent when the server did not say.
         */
        ExitObject: {
            /** @description Signal that killed it, named without `SIG`. */
            signal?: string;
            /**
             * Format: uint32
             * @description Code it returned.
             */
            status?: number;
        };
        /**
         * FileCapabilities
         * @description What can be done with the files of a session; the rest answers 501.
         */
        FileCapabilities: {
            /** @description Writing from a file's end on, with which an upload can be gone on with. */
            append: boolean;
            /** @description The server itself refuses to replace what must not be. */
            atomic_create: boolean;
            /** @description A file is replaced in one step. */
            atomic_replace: boolean;
            /** @description Names that are not UTF-8 can be addressed. */
            byte_names: boolean;
            /**
             * @description Algorithms by which the server computes checksums of its files: `crc32`, `md5`,
             *     `sha1`, `sha256`, `sha512`.
             */
            checksums: string[];
            /** @description What was written is on the disk. */
            fsync: boolean;
            /** @description Files are copied on the server, without their bytes crossing the network. */
            server_copy: boolean;
            set_owner: boolean;
            set_permissions: boolean;
            set_times: boolean;
            space: boolean;
            symlinks: boolean;
            /** @description Setting a file's size. */
            truncate: boolean;
            /** @description Writing at an offset. */
            write_at: boolean;
        };
        /**
         * FileList
         * @description A directory.
         */
        FileList: {
            /** @description The directory as the request named it. */
            current_path: string;
            /** @description Directories first, then by name. */
            files: components["schemas"]["FileObject"][];
        };
        /**
         * FileObject
         * @description An entry of a directory.
         */
        FileObject: {
            /** @description Whether it is a directory, links followed. */
            is_directory: boolean;
            /** @description Last change, `YYYY-MM-DDTHH:MM:SS` in the server's local time; empty when unknown. */
            modified: string;
            /** @description Its name; a byte that is not UTF-8 is one character of U+F780 to U+F7FF. */
            name: string;
            /** @description `current_path` with the name. */
            path: string;
            /** @description Three octal digits such as `644`; empty when unknown. */
            permissions: string;
            /**
             * Format: uint64
             * @description Bytes, links followed.
             */
            size: number;
            /** @description The size for people. */
            size_formatted: string;
        };
        /**
         * FormStored
         * @description What became of the files of a form.
         */
        FormStored: {
            /** @description Those that were not. */
            errors: components["schemas"]["NotStored"][];
            /** @description The files that were written, in the order of the form. */
            stored: components["schemas"]["Stored"][];
        };
        /**
         * FromTo
         * @description Something to rename or move.
         * @example {
         *       "from": "/srv/new.conf",
         *       "overwrite": true,
         *       "to": "/srv/app.conf"
         *     }
         */
        FromTo: {
            /** @description What there is. */
            from: string;
            /** @description Whether a file may be replaced [default: false]. */
            overwrite?: boolean;
            /** @description What it will be. */
            to: string;
        };
        /**
         * FtpConnect
         * @description A login over FTP.
         */
        FtpConnect: {
            /** @description What a server gets that asks for an account (`ACCT`) besides user and password. */
            account?: string;
            /**
             * @description Character set of the server's file names, such as `windows-1252` or `shift_jis`
             *     [default: UTF-8, with stray bytes kept].
             */
            charset?: string;
            /**
             * @description Who opens data connections: `passive`, the client, or `active`, the server, which then
             *     must be able to reach this machine [default: passive].
             */
            dataMode?: string;
            /** @description Host name or address. */
            host: string;
            /**
             * Format: uint64
             * @description Control connections at once, 1 to 64; the server may allow fewer [default: 8].
             */
            maxConnections?: number;
            /** @description Password. */
            password: string;
            /**
             * Format: uint16
             * @description TCP port [default: 21, with implicit TLS 990].
             */
            port?: number;
            /** @description What to call the session; `username@host` by default. */
            sessionName?: string;
            /**
             * Format: double
             * @description Seconds to connect and log in.
             */
            timeout?: number;
            /**
             * @description With `useTLS`: `explicit` begins in clear text and asks for TLS (`AUTH TLS`) before
             *     the login, `implicit` is TLS from the first byte [default: explicit].
             */
            tlsMode?: string;
            /** @description Account on the host. */
            username: string;
            /**
             * @description Whether to secure the connection with TLS; it never falls back to clear text
             *     [default: false].
             */
            useTLS?: boolean;
            /** @description Name of the virtual host (`HOST`), for servers that know several. */
            virtualHost?: string;
        };
        /**
         * FtpConnectionsObject
         * @description Control connections of an FTP session, at this moment.
         */
        FtpConnectionsObject: {
            /**
             * Format: uint64
             * @description Most the server allows; absent while it has not refused one more.
             */
            allowed?: number;
            /**
             * Format: uint64
             * @description Most there may be, as configured.
             */
            limit: number;
            /**
             * Format: uint64
             * @description Open ones.
             */
            open: number;
        };
        /**
         * FtpServer
         * @description An FTP server as it turned out.
         */
        FtpServer: {
            /**
             * @description Character set of names: the chosen one, or `UTF-8` where the server says that it
             *     speaks it; absent when nobody says, and names are bytes.
             */
            charset?: string;
            /** @description Control connections of the session. */
            connections: components["schemas"]["FtpConnectionsObject"] & unknown;
            /** @description The command data connections are asked for with: `EPSV`, `PASV`, `EPRT` or `PORT`. */
            data: string;
            /** @description The features it lists (`FEAT`), as it sent them; at most 200. */
            features: string[];
            /** @description The command directories are listed with: `MLSD`, `LIST -a` or `LIST`. */
            listing: string;
            /** @description The server's system in its own words (`SYST`), such as `UNIX Type: L8`. */
            system?: string;
            /** @description Cipher suite of the control connection, such as `TLS_AES_256_GCM_SHA384`. */
            tls_cipher?: string;
            /** @description TLS version of the control connection, such as `TLSv1.3`; absent without TLS. */
            tls_version?: string;
        };
        /**
         * Health
         * @description The service lives.
         */
        Health: {
            /** @description Name of the service. */
            service: string;
            /** @description Always `ok`. */
            status: string;
        };
        /**
         * MakeDirectory
         * @description A directory to make.
         * @example {
         *       "parents": true,
         *       "path": "/srv/a/b"
         *     }
         */
        MakeDirectory: {
            /** @description Whether to make missing parents too, and accept one that is there [default: false]. */
            parents?: boolean;
            /** @description The directory. */
            path: string;
        };
        /**
         * MakeLink
         * @description A link to make.
         * @example {
         *       "link": "/srv/current",
         *       "target": "releases/7"
         *     }
         */
        MakeLink: {
            /** @description The link. */
            link: string;
            /** @description Where it leads, written into the link as it is. */
            target: string;
        };
        /**
         * Negotiation
         * @description What both sides of an SSH connection agreed on.
         */
        Negotiation: {
            /** @description Cipher, to the server. */
            cipher: string;
            /** @description Implementation of SSH: `russh` or `libssh2`. */
            engine: string;
            /** @description Host key algorithm. */
            host_key: string;
            /** @description Key exchange method. */
            key_exchange: string;
            /**
             * Format: uint64
             * @description Links to the server that are open: more than one where it allows few channels on each.
             */
            links: number;
            /** @description MAC, to the server; empty when the cipher needs none. */
            mac: string;
            /** @description Whether recorded traffic stays secret from a quantum computer. */
            post_quantum: boolean;
            /** @description The server's identification, such as `SSH-2.0-OpenSSH_9.2p1`. */
            server_version: string;
            /** @description SFTP extensions of the server. */
            sftp_extensions: components["schemas"]["SftpExtension"][];
        };
        /**
         * NotStored
         * @description A file of a form that was not written.
         */
        NotStored: {
            /** @description What went wrong, such as `permission_denied`. */
            code: string;
            /** @description The same in words. */
            detail: string;
            /** @description Its name, as the form gave it. */
            name: string;
        };
        /**
         * OpenTerminal
         * @description A terminal to be opened.
         * @example {
         *       "cols": 120,
         *       "command": "htop",
         *       "name": "load",
         *       "rows": 40
         *     }
         */
        OpenTerminal: {
            /**
             * Format: uint32
             * @description Width in characters, 1 to 500.
             */
            cols: number;
            /** @description What to run instead of the account's shell, as that shell understands it. */
            command?: string;
            /**
             * @description Environment variables; servers refuse most names without a word.
             * @default {}
             */
            env: {
                [key: string]: string;
            };
            /** @description Name for people, 1 to 100 characters [default: `Terminal 1` and so on]. */
            name?: string;
            /**
             * @description Whether it is recorded, where the server's configuration leaves that open.
             * @default false
             */
            record: boolean;
            /**
             * Format: uint32
             * @description Height in characters, 1 to 200.
             */
            rows: number;
            /** @description Value of `TERM` [default: xterm-256color]. */
            term?: string;
        };
        /**
         * OpenTunnel
         * @description A tunnel to open.
         * @example {
         *       "bind_port": 5433,
         *       "host": "db.internal",
         *       "kind": "local",
         *       "port": 5432
         *     }
         */
        OpenTunnel: {
            /** @description Address to listen on, on the server for a remote tunnel [default: 127.0.0.1]. */
            bind_host?: string;
            /**
             * Format: uint16
             * @description Port to listen on; 0 takes a free one [default: 0].
             */
            bind_port?: number;
            /** @description Where connections end, for `local` and `remote`. */
            host?: string;
            /**
             * @description `local`: listens here, and the server connects to `host` and `port`. `dynamic`:
             *     listens here as a SOCKS5 proxy through the server. `remote`: the server listens, and
             *     this machine connects to `host` and `port`.
             */
            kind: string;
            /**
             * Format: uint64
             * @description Connections at once, at most 256 [default: 64].
             */
            max_connections?: number;
            /**
             * Format: uint16
             * @description Port of the end.
             */
            port?: number;
        };
        /**
         * @description The form of an archive.
         * @enum {string}
         */
        PackedKind: "zip" | "tar";
        /**
         * PtyOrder
         * @description A terminal for a command.
         */
        PtyOrder: {
            /**
             * Format: uint32
             * @description Columns, 1 to 500 [default: 80].
             */
            cols?: number;
            /**
             * Format: uint32
             * @description Rows, 1 to 200 [default: 24].
             */
            rows?: number;
            /** @description Its type, the value of `TERM` [default: xterm-256color]. */
            term?: string;
        };
        /**
         * RecordingObject
         * @description A recording of a terminal.
         */
        RecordingObject: {
            /**
             * Format: uint32
             * @description Width in characters at the beginning.
             */
            cols: number;
            /** @description What ran in the terminal instead of the account's shell. */
            command?: string;
            /**
             * Format: double
             * @description How long it took; absent while it is being written and when it was left unfinished.
             */
            duration_seconds?: number;
            /** @description With `failed`: why. */
            error?: string;
            /** @description Host of the session. */
            host: string;
            /** @description Whether what was typed is in it. */
            input: boolean;
            /**
             * Format: uint16
             * @description TCP port of the session.
             */
            port: number;
            /** @description Its id, a UUID. */
            recording_id: string;
            /**
             * Format: uint32
             * @description Height in characters at the beginning.
             */
            rows: number;
            /** @description The session's name, if it has one. */
            session_name?: string;
            /**
             * Format: uint64
             * @description Bytes in the file.
             */
            size: number;
            /** @description When it began: RFC 3339, UTC. */
            started: string;
            /** @description Where it stands. */
            state: components["schemas"]["RecordingState"] & unknown;
            /** @description The terminal's name. */
            terminal_name?: string;
            /** @description The session's name, or `user@host`, and the terminal's name. */
            title: string;
            /** @description Account on the host. */
            username: string;
        };
        /**
         * RecordingPage
         * @description The caller's recordings.
         */
        RecordingPage: {
            /** @description Whether there are older ones. */
            has_more: boolean;
            /** @description Whether what is typed is recorded too, passwords included. */
            input: boolean;
            /** @description Which terminals the server records. */
            policy: components["schemas"]["RecordingPolicy"] & unknown;
            /** @description The newest first; at most 1000. */
            recordings: components["schemas"]["RecordingObject"][];
            /**
             * Format: uint64
             * @description How many are left out because the server cannot read their files; its log names them.
             */
            unreadable: number;
        };
        /**
         * @description Which terminals the server records.
         * @enum {string}
         */
        RecordingPolicy: "never" | "on-request" | "always";
        /**
         * @description Where a recording stands.
         * @enum {string}
         */
        RecordingState: "running" | "complete" | "size_limit" | "total_limit" | "failed" | "unfinished" | "deleted";
        /**
         * @description What something must be to be removed.
         * @enum {string}
         */
        RemovableType: "file" | "directory";
        /**
         * ServiceInfo
         * @description What this service is.
         */
        ServiceInfo: {
            /** @description Its routes. */
            endpoints: components["schemas"]["Endpoints"] & unknown;
            /** @description Its name. */
            service: string;
            /** @description Version of the API. */
            version: string;
        };
        /**
         * SessionCapabilities
         * @description What can be done with a session.
         */
        SessionCapabilities: {
            /** @description What can be done with files. */
            files: components["schemas"]["FileCapabilities"] & unknown;
            /** @description What was agreed and what the server says of itself, on FTP. */
            ftp?: components["schemas"]["FtpServer"] & unknown;
            /** @description What was negotiated, on SSH. */
            ssh?: components["schemas"]["Negotiation"] & unknown;
            /** @description Protocol. */
            type: components["schemas"]["SessionType"] & unknown;
        };
        /**
         * SessionChange
         * @description What to change about a session.
         * @example {
         *       "sessionName": "staging"
         *     }
         */
        SessionChange: {
            /** @description What to call it: 1 to 200 characters, none of them a control character. */
            sessionName: string;
        };
        /**
         * SessionList
         * @description The caller's sessions.
         */
        SessionList: {
            /** @description In the order they were opened. */
            sessions: components["schemas"]["SessionObject"][];
        };
        /**
         * SessionObject
         * @description An open session.
         */
        SessionObject: {
            /** @description When it was opened; the server's local time, like all times here. */
            connected_at: string;
            /** @description When it expires if nobody uses it. */
            expires_at: string;
            /** @description Host, as it was given. */
            host: string;
            /** @description Whether its connection still lives. */
            is_active: boolean;
            /** @description When it was last used. */
            last_activity: string;
            /**
             * Format: uint16
             * @description TCP port.
             */
            port: number;
            /** @description Its id, a UUID. */
            session_id: string;
            /** @description What the client calls it; `user@host` when it gave no name, null when it gave null. */
            session_name: string | null;
            /**
             * Format: uint64
             * @description Whole seconds until `expires_at`.
             */
            time_remaining_seconds: number;
            /** @description Its protocol. */
            type: components["schemas"]["SessionType"] & unknown;
            /** @description Account on the host. */
            username: string;
        };
        /**
         * @description Protocol of a session.
         * @enum {string}
         */
        SessionType: "ssh" | "ftp";
        /**
         * SftpExtension
         * @description An SFTP extension.
         */
        SftpExtension: {
            /** @description Such as `posix-rename@openssh.com`. */
            name: string;
            /** @description Its version or data. */
            version: string;
        };
        /**
         * ShareList
         * @description The links of a terminal.
         */
        ShareList: {
            /** @description In the order they were made. */
            shares: components["schemas"]["ShareObject"][];
        };
        /**
         * ShareObject
         * @description A link for watching a terminal.
         */
        ShareObject: {
            /** @description When it was made. */
            created_at: string;
            /** @description When it is worth nothing any more. */
            expires_at: string;
            /** @description Its id, a UUID, which opens nothing. */
            share_id: string;
        };
        /**
         * ShareTerminal
         * @description For how long a terminal is shared.
         * @example {
         *       "expires_in": 600
         *     }
         */
        ShareTerminal: {
            /**
             * Format: uint64
             * @description Seconds until the link is worth nothing: 1 to 2592000, which is 30 days
             *     [default: 3600].
             */
            expires_in?: number;
        };
        /**
         * ShareTicketOrder
         * @description A share to be watched.
         */
        ShareTicketOrder: {
            /** @description The token of the link. */
            share: string;
        };
        /**
         * SpaceObject
         * @description Space of a file system, in bytes.
         */
        SpaceObject: {
            /**
             * Format: uint64
             * @description Free for this account.
             */
            available: number;
            /**
             * Format: uint64
             * @description Free for the superuser.
             */
            free: number;
            /** Format: uint64 */
            inodes: number;
            /** Format: uint64 */
            inodes_free: number;
            /** Format: uint64 */
            total: number;
        };
        /**
         * SshConnect
         * @description A login over SSH. Either `password`, `keyPath` or `privateKey` must be there.
         */
        SshConnect: {
            /** @description Implementation of SSH: `russh` or `libssh2`. */
            engine?: string;
            /** @description Host name or address. */
            host: string;
            /** @description Private key file on the server's machine; `~` is the home directory. */
            keyPath?: string;
            /** @description Passphrase of the private key; without it the password is tried. */
            passphrase?: string;
            /** @description Password, for the methods `password` and `keyboard-interactive`. */
            password?: string;
            /**
             * Format: uint16
             * @description TCP port [default: 22].
             */
            port?: number;
            /** @description Text of a private key. */
            privateKey?: string;
            /** @description What to call the session; `username@host` by default. */
            sessionName?: string;
            /**
             * Format: double
             * @description Seconds to connect and log in.
             */
            timeout?: number;
            /** @description Account on the host. */
            username: string;
        };
        /**
         * Stored
         * @description A file was written.
         */
        Stored: {
            /** @description Its path; a byte that is not UTF-8 is one character of U+F780 to U+F7FF. */
            path: string;
            /** @description SHA-256 of the body in hexadecimal digits, when it was asked for. */
            sha256?: string;
            /**
             * Format: uint64
             * @description Bytes of the whole file.
             */
            size: number;
        };
        /**
         * TerminalList
         * @description The terminals of a session.
         */
        TerminalList: {
            /** @description In the order they were opened. */
            terminals: components["schemas"]["TerminalObject"][];
        };
        /**
         * TerminalObject
         * @description A terminal of a session.
         */
        TerminalObject: {
            /**
             * Format: uint32
             * @description Width in characters.
             */
            cols: number;
            /** @description What runs in it; absent for the account's shell. */
            command?: string;
            /**
             * Format: uint64
             * @description Offset after the last byte it showed.
             */
            end: number;
            /** @description How what ran in it ended, if it did. */
            exit?: components["schemas"]["ExitObject"] & unknown;
            /** @description When it is closed if nobody attaches; absent while somebody is. */
            expires_at?: string;
            /** @description Its name for people. */
            name: string;
            /** @description When it was opened; UTC, like all times here. */
            opened_at: string;
            /** @description Where its recording stands, if it has one. */
            recording?: components["schemas"]["RecordingState"] & unknown;
            /** @description Its recording, if it has one. */
            recording_id?: string;
            /**
             * Format: uint32
             * @description Height in characters.
             */
            rows: number;
            /** @description Whether anything still runs in it. */
            running: boolean;
            /**
             * Format: uint64
             * @description Offset of the first byte that can still be had.
             */
            start: number;
            /** @description Value of `TERM`. */
            term: string;
            /** @description Its id, a UUID. */
            terminal_id: string;
            /** @description Who is attached, the longest first. */
            viewers: components["schemas"]["ViewerObject"][];
        };
        /**
         * TicketObject
         * @description What opens one WebSocket, once.
         */
        TicketObject: {
            /**
             * Format: uint64
             * @description Seconds until it is worth nothing.
             */
            expires_in: number;
            /** @description To be sent as the parameter `ticket` of the WebSocket's address. */
            ticket: string;
        };
        /**
         * TicketOrder
         * @description Which socket is to be opened.
         * @example {
         *       "path": "/ws/terminal/7b2c5a4e-0d5e-4f0e-9a52-0a52b5a1c0de"
         *     }
         */
        TicketOrder: {
            /** @description Path of the WebSocket, such as `/ws/terminal/{session_id}`, without a query. */
            path: string;
        };
        /**
         * TreeErrorObject
         * @description What failed below a path.
         */
        TreeErrorObject: {
            /** @description What went wrong, such as `permission_denied`. */
            code: string;
            /** @description The same in words. */
            detail: string;
            /** @description The entry, or its directory when its name is none that can be part of a path. */
            path: string;
        };
        /**
         * TreeObject
         * @description What was found, removed or copied below a path.
         */
        TreeObject: {
            /**
             * Format: uint64
             * @description Bytes of the regular files, as far as the server says.
             */
            bytes: number;
            /**
             * Format: uint64
             * @description Directories, the path itself included.
             */
            directories: number;
            /**
             * Format: uint64
             * @description How much failed in all.
             */
            error_count: number;
            /** @description What failed; at most 100 of them. */
            errors: components["schemas"]["TreeErrorObject"][];
            /**
             * Format: uint64
             * @description Everything that is no directory.
             */
            files: number;
        };
        /**
         * TunnelList
         * @description The tunnels of a session.
         */
        TunnelList: {
            /** @description In the order they were opened. */
            tunnels: components["schemas"]["TunnelObject"][];
        };
        /**
         * TunnelObject
         * @description A tunnel and what went through it.
         */
        TunnelObject: {
            /** @description Address it listens on, on the server for a remote one. */
            bind_host: string;
            /**
             * Format: uint16
             * @description Port it listens on.
             */
            bind_port: number;
            /**
             * Format: uint64
             * @description Bytes carried from the remote server.
             */
            bytes_received: number;
            /**
             * Format: uint64
             * @description Bytes carried to the remote server.
             */
            bytes_sent: number;
            /**
             * Format: uint64
             * @description Connections open now.
             */
            connections: number;
            /**
             * Format: uint64
             * @description Connections that were turned away or led nowhere.
             */
            connections_refused: number;
            /**
             * Format: uint64
             * @description Connections so far, refused ones left out.
             */
            connections_total: number;
            /** @description Where its connections end; absent for `dynamic`. */
            host?: string;
            /** @description Whether it takes connections: not once the session's connection is lost. */
            is_open: boolean;
            /** @description `local`, `dynamic` or `remote`. */
            kind: string;
            /** @description What last went wrong. */
            last_error?: string;
            /**
             * Format: uint64
             * @description Connections at once.
             */
            max_connections: number;
            /** @description When it was opened, RFC 3339 in UTC. */
            opened_at: string;
            /**
             * Format: uint16
             * @description Port of the end; absent for `dynamic`.
             */
            port?: number;
            /** @description Its id. */
            tunnel_id: string;
        };
        /**
         * Upload
         * @description A file to send.
         */
        Upload: {
            /** @description The file on the server's machine. */
            localPath: string;
            /** @description Where to put it on the remote machine. */
            remotePath: string;
        };
        /**
         * ViewerObject
         * @description Whoever is attached to a terminal.
         */
        ViewerObject: {
            /** @description Address of the client, or of the proxy before this server. */
            address?: string;
            /** @description Since when. */
            attached_at: string;
            /**
             * Format: uint64
             * @description Bytes it has not been given yet.
             */
            behind: number;
            /** @description `write` or `read`. */
            mode: string;
            /** @description The share it came by, if it did. */
            share_id?: string;
            /** @description Its number, as text. */
            viewer_id: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The stable name of what went wrong. */
        "X-Error-Code": components["schemas"]["ErrorCode"];
        /** @description The field of the request that is wrong, where it is one. */
        "X-Error-Field": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    serviceInfo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceInfo"];
                };
            };
            /** @description No valid access token. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    about: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["About"];
                };
            };
            /** @description No valid access token. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            /** @description No valid access token. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionObject"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    disconnect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description No valid access token. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description Session not found. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    renameSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionChange"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionObject"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    getArchive: {
        parameters: {
            query: {
                /** @description The form [default: zip]. */
                format?: components["schemas"]["PackedKind"];
                /**
                 * @description A file or folder, as often as there are; a relative path begins at the login
                 *     directory.
                 */
                path: string[];
            };
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archive, made while it is sent, so that its size is not known. */
            200: {
                headers: {
                    /** @description What the file is called. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-tar": string;
                    "application/zip": string;
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    setAttributes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Attributes"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    capabilities: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionCapabilities"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    checksum: {
        parameters: {
            query: {
                /** @description `crc32`, `md5`, `sha1`, `sha256` or `sha512`. */
                algorithm: string;
                /** @description The file; a relative path is taken from the login directory. */
                path: string;
            };
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChecksumObject"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    getContent: {
        parameters: {
            query: {
                /** @description Lets a browser show plain text, common images and PDF in place of saving them. */
                inline?: boolean;
                /** @description The file; a relative path begins at the login directory. */
                path: string;
            };
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole file. */
            200: {
                headers: {
                    /** @description `bytes`, or `none` when the size is unknown. */
                    "Accept-Ranges"?: string;
                    /** @description The file's name. */
                    "Content-Disposition"?: string;
                    /** @description Of a part: its place and the file's size. */
                    "Content-Range"?: string;
                    /** @description Made of size and time; absent when either is unknown. */
                    ETag?: string;
                    /** @description Absent when it is unknown. */
                    "Last-Modified"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The part that was asked for. */
            206: {
                headers: {
                    /** @description `bytes`, or `none` when the size is unknown. */
                    "Accept-Ranges"?: string;
                    /** @description The file's name. */
                    "Content-Disposition"?: string;
                    /** @description Of a part: its place and the file's size. */
                    "Content-Range"?: string;
                    /** @description Made of size and time; absent when either is unknown. */
                    ETag?: string;
                    /** @description Absent when it is unknown. */
                    "Last-Modified"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The client's copy is as good. */
            304: {
                headers: {
                    /** @description `bytes`, or `none` when the size is unknown. */
                    "Accept-Ranges"?: string;
                    /** @description The file's name. */
                    "Content-Disposition"?: string;
                    /** @description Of a part: its place and the file's size. */
                    "Content-Range"?: string;
                    /** @description Made of size and time; absent when either is unknown. */
                    ETag?: string;
                    /** @description Absent when it is unknown. */
                    "Last-Modified"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The file is not the one `If-Match` or `If-Unmodified-Since` is about. */
            412: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No byte of the range is in the file; `Content-Range` tells its size. */
            416: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    putContent: {
        parameters: {
            query: {
                /**
                 * @description A checksum of the body for the answer; not with an `offset` above 0, as the body is
                 *     then only the end of the file.
                 */
                checksum?: components["schemas"]["ChecksumKind"];
                /** @description Permission bits in octal, such as `640`. */
                mode?: string;
                /** @description Time of the last change: RFC 3339, or seconds since 1970. */
                mtime?: string;
                /** @description Bytes of the partial file that stay [default: 0, which begins it anew]. */
                offset?: number;
                /** @description Whether a file that is there may be replaced [default: true]. */
                overwrite?: boolean;
                /** @description Name of the file in which what arrived is kept, such as `big.iso.filepart`. */
                partial?: string;
                /** @description The file; a relative path begins at the login directory. */
                path: string;
                /** @description Bytes of the whole file: one of another size does not take its place. */
                size?: number;
            };
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stored"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body stood still for too long. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The file is not as `If-Match`, `If-None-Match` or `If-Unmodified-Since` wants it. */
            412: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    postContent: {
        parameters: {
            query: {
                /** @description A checksum of each file for the answer. */
                checksum?: components["schemas"]["ChecksumKind"];
                /** @description Whether files that are there may be replaced [default: true]. */
                overwrite?: boolean;
                /** @description The directory; a relative path begins at the login directory. */
                path: string;
            };
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description The files. The name of the field is of no importance. */
                    file?: string[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FormStored"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body stood still for too long. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not multipart/form-data. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    headContent: {
        parameters: {
            query: {
                /** @description As for `GET`. */
                inline?: boolean;
                /** @description The file; a relative path begins at the login directory. */
                path: string;
            };
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole file. */
            200: {
                headers: {
                    /** @description `bytes`, or `none` when the size is unknown. */
                    "Accept-Ranges"?: string;
                    /** @description The file's name. */
                    "Content-Disposition"?: string;
                    /** @description Of a part: its place and the file's size. */
                    "Content-Range"?: string;
                    /** @description Made of size and time; absent when either is unknown. */
                    ETag?: string;
                    /** @description Absent when it is unknown. */
                    "Last-Modified"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The part that was asked for. */
            206: {
                headers: {
                    /** @description `bytes`, or `none` when the size is unknown. */
                    "Accept-Ranges"?: string;
                    /** @description The file's name. */
                    "Content-Disposition"?: string;
                    /** @description Of a part: its place and the file's size. */
                    "Content-Range"?: string;
                    /** @description Made of size and time; absent when either is unknown. */
                    ETag?: string;
                    /** @description Absent when it is unknown. */
                    "Last-Modified"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The client's copy is as good. */
            304: {
                headers: {
                    /** @description `bytes`, or `none` when the size is unknown. */
                    "Accept-Ranges"?: string;
                    /** @description The file's name. */
                    "Content-Disposition"?: string;
                    /** @description Of a part: its place and the file's size. */
                    "Content-Range"?: string;
                    /** @description Made of size and time; absent when either is unknown. */
                    ETag?: string;
                    /** @description Absent when it is unknown. */
                    "Last-Modified"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The file is not the one `If-Match` or `If-Unmodified-Since` is about. */
            412: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No byte of the range is in the file; `Content-Range` tells its size. */
            416: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    copy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CopyOrder"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Copied"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Delete"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TreeObject"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    makeDirectory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MakeDirectory"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Created"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    download: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Download"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Downloaded"];
                };
            };
            /** @description The body is wrong, or the session is not of the right type. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The local file does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The operation failed; `detail` says why. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    createDownload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DownloadOrder"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadTicket"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    listEntries: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the part before. */
                cursor?: string;
                /** @description Entries at most: 1 to 10000 [default: 1000]. */
                limit?: number;
                /** @description The directory; a relative one is taken from the login directory, which is also the default. */
                path?: string;
            };
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryPage"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    listExecs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecList"];
                };
            };
            /** @description The request is wrong, or the session is not of the right type; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No such command runs. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The command was cancelled by another request. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 16 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A mistake of this server, or of its disk. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may run no commands, or have no terminal. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost, or it has no room for a command. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The command was ended because it ran longer than it may, or the remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The disk of this server is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    exec: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExecOrder"];
            };
        };
        responses: {
            /** @description What the command left behind, or its events as they happen, as `Accept` asks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecResult"];
                    "text/event-stream": components["schemas"]["ExecEventData"][];
                };
            };
            /** @description The request is wrong, or the session is not of the right type; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No such command runs. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The command was cancelled by another request. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 16 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A mistake of this server, or of its disk. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may run no commands, or have no terminal. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost, or it has no room for a command. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The command was ended because it ran longer than it may, or the remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The disk of this server is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    cancelExec: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The command, as `GET …/exec` lists it. */
                exec_id: string;
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description The request is wrong, or the session is not of the right type; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No such command runs. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The command was cancelled by another request. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 16 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A mistake of this server, or of its disk. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may run no commands, or have no terminal. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost, or it has no room for a command. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The command was ended because it ran longer than it may, or the remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The disk of this server is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    executeCommand: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Execute"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandOutput"];
                };
            };
            /** @description The body is wrong, or the session is not of the right type. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The local file does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The operation failed; `detail` says why. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    listFiles: {
        parameters: {
            query?: {
                /** @description The directory; without it, or as `.`, it is `/` on SSH and the login directory on FTP. */
                path?: string;
            };
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileList"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description Failed to list files: …. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    rename: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FromTo"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    treeSize: {
        parameters: {
            query?: {
                /** @description The top; a relative path is taken from the login directory, which is also the default. */
                path?: string;
            };
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TreeObject"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    space: {
        parameters: {
            query?: {
                /** @description A path; a relative one is taken from the login directory, which is also the default. */
                path?: string;
            };
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpaceObject"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    stat: {
        parameters: {
            query?: {
                /** @description Whether to look at what a link leads to [default: true]. */
                follow?: boolean;
                /** @description The entry; a relative path is taken from the login directory, which is also the default. */
                path?: string;
            };
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryObject"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    symlink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MakeLink"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    listTerminals: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TerminalList"];
                };
            };
            /** @description The request is wrong; `code` says how. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The session has no such terminal or share. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server cannot do that, or recording is not configured. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken, or the terminal has ended. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description There is no room for the recording. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    openTerminal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenTerminal"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TerminalObject"];
                };
            };
            /** @description The request is wrong; `code` says how. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The session has no such terminal or share. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server cannot do that, or recording is not configured. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken, or the terminal has ended. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description There is no room for the recording. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    getTerminal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
                /** @description The terminal, as opening it answered. */
                terminal_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TerminalObject"];
                };
            };
            /** @description The request is wrong; `code` says how. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The session has no such terminal or share. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server cannot do that, or recording is not configured. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken, or the terminal has ended. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description There is no room for the recording. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    closeTerminal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
                /** @description The terminal, as opening it answered. */
                terminal_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description The request is wrong; `code` says how. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The session has no such terminal or share. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server cannot do that, or recording is not configured. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken, or the terminal has ended. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description There is no room for the recording. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    changeTerminal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
                /** @description The terminal, as opening it answered. */
                terminal_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeTerminal"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TerminalObject"];
                };
            };
            /** @description The request is wrong; `code` says how. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The session has no such terminal or share. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server cannot do that, or recording is not configured. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken, or the terminal has ended. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description There is no room for the recording. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    listShares: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
                /** @description The terminal, as opening it answered. */
                terminal_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShareList"];
                };
            };
            /** @description The request is wrong; `code` says how. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The session has no such terminal or share. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server cannot do that, or recording is not configured. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken, or the terminal has ended. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description There is no room for the recording. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    createShare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
                /** @description The terminal, as opening it answered. */
                terminal_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShareTerminal"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedShare"];
                };
            };
            /** @description The request is wrong; `code` says how. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The session has no such terminal or share. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server cannot do that, or recording is not configured. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken, or the terminal has ended. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description There is no room for the recording. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    revokeShare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
                /** @description The share, as making it answered. */
                share_id: string;
                /** @description The terminal, as opening it answered. */
                terminal_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description The request is wrong; `code` says how. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The session has no such terminal or share. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server cannot do that, or recording is not configured. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken, or the terminal has ended. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description There is no room for the recording. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    listTunnels: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TunnelList"];
                };
            };
            /** @description The request is wrong, or the session has no tunnels. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Not allowed by this server's settings, or the Host or Origin header is not. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The tunnel is not there. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The port is in use. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description This machine failed, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server refuses, or the connection to it is lost. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A limit of tunnels is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    openTunnel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenTunnel"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TunnelObject"];
                };
            };
            /** @description The request is wrong, or the session has no tunnels. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Not allowed by this server's settings, or the Host or Origin header is not. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The tunnel is not there. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The port is in use. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description This machine failed, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server refuses, or the connection to it is lost. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A limit of tunnels is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    getTunnel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
                /** @description The tunnel, as opening it answered. */
                tunnel_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TunnelObject"];
                };
            };
            /** @description The request is wrong, or the session has no tunnels. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Not allowed by this server's settings, or the Host or Origin header is not. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The tunnel is not there. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The port is in use. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description This machine failed, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server refuses, or the connection to it is lost. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A limit of tunnels is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    closeTunnel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
                /** @description The tunnel, as opening it answered. */
                tunnel_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description The request is wrong, or the session has no tunnels. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Not allowed by this server's settings, or the Host or Origin header is not. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The tunnel is not there. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The port is in use. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description This machine failed, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server refuses, or the connection to it is lost. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A limit of tunnels is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    upload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Upload"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description The body is wrong, or the session is not of the right type. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The local file does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The operation failed; `detail` says why. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    cleanup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cleaned"];
                };
            };
            /** @description No valid access token. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    connectFtp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FtpConnect"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connected"];
                };
            };
            /** @description The body is wrong, or the connection could not be made; `detail` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description No valid access token. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    connectSsh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SshConnect"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connected"];
                };
            };
            /** @description The body is wrong, or the connection could not be made; `detail` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description No valid access token. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    getDownload: {
        parameters: {
            query: {
                /** @description Of `POST /connections/{session_id}/downloads`. */
                ticket: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archive, or the file. */
            200: {
                headers: {
                    /** @description What the file is called. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                    "application/x-tar": string;
                    "application/zip": string;
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
    listRecordings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingPage"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The file is not the one `If-Match` or `If-Unmodified-Since` is about. */
            412: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No byte of the range is in the file; `Content-Range` tells its size. */
            416: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    getRecording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The recording, as `GET /recordings` lists it. */
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingObject"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The file is not the one `If-Match` or `If-Unmodified-Since` is about. */
            412: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No byte of the range is in the file; `Content-Range` tells its size. */
            416: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    deleteRecording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The recording, as `GET /recordings` lists it. */
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The file is not the one `If-Match` or `If-Unmodified-Since` is about. */
            412: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No byte of the range is in the file; `Content-Range` tells its size. */
            416: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    getRecordingContent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The recording, as `GET /recordings` lists it. */
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole file. */
            200: {
                headers: {
                    /** @description `bytes`, or `none` when the size is unknown. */
                    "Accept-Ranges"?: string;
                    /** @description The file's name. */
                    "Content-Disposition"?: string;
                    /** @description Of a part: its place and the file's size. */
                    "Content-Range"?: string;
                    /** @description Made of size and time; absent when either is unknown. */
                    ETag?: string;
                    /** @description Absent when it is unknown. */
                    "Last-Modified"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-asciicast": string;
                };
            };
            /** @description The part that was asked for. */
            206: {
                headers: {
                    /** @description `bytes`, or `none` when the size is unknown. */
                    "Accept-Ranges"?: string;
                    /** @description The file's name. */
                    "Content-Disposition"?: string;
                    /** @description Of a part: its place and the file's size. */
                    "Content-Range"?: string;
                    /** @description Made of size and time; absent when either is unknown. */
                    ETag?: string;
                    /** @description Absent when it is unknown. */
                    "Last-Modified"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-asciicast": string;
                };
            };
            /** @description The client's copy is as good. */
            304: {
                headers: {
                    /** @description `bytes`, or `none` when the size is unknown. */
                    "Accept-Ranges"?: string;
                    /** @description The file's name. */
                    "Content-Disposition"?: string;
                    /** @description Of a part: its place and the file's size. */
                    "Content-Range"?: string;
                    /** @description Made of size and time; absent when either is unknown. */
                    ETag?: string;
                    /** @description Absent when it is unknown. */
                    "Last-Modified"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is wrong, or the path is not of the right kind; `code` says which. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The file is not the one `If-Match` or `If-Unmodified-Since` is about. */
            412: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No byte of the range is in the file; `Content-Range` tells its size. */
            416: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    createShareTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShareTicketOrder"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketObject"];
                };
            };
            /** @description The body is wrong. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description There is no such share, or no longer. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 4 KiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Too many tickets were asked for and not used. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    createTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketOrder"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketObject"];
                };
            };
            /** @description The body is wrong. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description There is no such share, or no longer. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body is larger than 4 KiB. */
            413: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Too many tickets were asked for and not used. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    shareSocket: {
        parameters: {
            query?: {
                /** @description Offset of the first byte wanted [default: everything that is still kept]. */
                from?: number;
                /** @description A ticket from `/shares/tickets`. */
                ticket?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection is a WebSocket from here on. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query or the handshake is wrong. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token or ticket. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The session, terminal or share is not there, or not the caller's. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The request does not ask for a WebSocket of version 13. */
            426: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The terminal was closed. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached, or the server stops. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    terminalSocket: {
        parameters: {
            query?: {
                /** @description Offset of the first byte wanted [default: everything that is still kept]. */
                from?: number;
                /** @description `write` or `read` [default: write]. */
                mode?: string;
                /** @description The terminal to attach to; without it the first frame opens one. */
                terminal?: string;
                /** @description A ticket for this path, instead of the header `Authorization`. */
                ticket?: string;
            };
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection is a WebSocket from here on. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query or the handshake is wrong. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token or ticket. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The Host or Origin header is not allowed. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The session, terminal or share is not there, or not the caller's. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The request does not ask for a WebSocket of version 13. */
            426: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The terminal was closed. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached, or the server stops. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
    tunnelSocket: {
        parameters: {
            query?: {
                /** @description Host to connect to, looked up by the session's server. */
                host?: string;
                /** @description Port to connect to. */
                port?: string;
                /** @description A ticket for this path, instead of the header `Authorization`. */
                ticket?: string;
            };
            header?: never;
            path: {
                /** @description The session, as opening it answered. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection is a WebSocket from here on. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The query or the handshake is wrong, or the session has no tunnels. */
            400: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    "X-Error-Field": components["headers"]["X-Error-Field"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token or ticket. */
            401: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Not allowed by this server's settings, or the Host or Origin header is not. */
            403: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The session is not there, or not the caller's. */
            404: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The request does not ask for a WebSocket of version 13. */
            426: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server will not or cannot connect, or the connection to it is lost. */
            502: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached, or the server stops. */
            503: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    "X-Error-Code": components["headers"]["X-Error-Code"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
        };
    };
}
