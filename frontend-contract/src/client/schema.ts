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
         *     `If-Range`, `If-None-Match` and `If-Modified-Since` are understood. A file that ends
         *     before its promised size breaks the connection; one that grows is cut at it.
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
         *     answers 501. A complete file takes its place as without `partial`.
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
        /** Rename or move */
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
        /** Space of the file system that holds a path */
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
        /** Look at one entry */
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
        /** Make a symbolic link */
        post: operations["symlink"];
        delete?: never;
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Attributes
         * @description Attributes to change; what is absent stays.
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
         * Delete
         * @description Something to remove.
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
         * Upload
         * @description A file to send.
         */
        Upload: {
            /** @description The file on the server's machine. */
            localPath: string;
            /** @description Where to put it on the remote machine. */
            remotePath: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description Session not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No byte of the range is in the file; `Content-Range` tells its size. */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body stood still for too long. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The file is not as `If-Match`, `If-None-Match` or `If-Unmodified-Since` wants it. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body stood still for too long. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not multipart/form-data. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No byte of the range is in the file; `Content-Range` tells its size. */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The local file does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The operation failed; `detail` says why. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The local file does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The operation failed; `detail` says why. */
            500: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description Failed to list files: …. */
            500: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The account may not do that, or the Host or Origin header is not allowed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Something of that name exists already, or the directory is not empty. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description Larger than the configured limit. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server failed and did not say why, or a mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server or the protocol cannot do that. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The connection to the remote server is lost or broken. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description A configured limit is reached. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote server did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodedDetail"];
                };
            };
            /** @description The remote disk or the account's quota is full. */
            507: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description No valid access token, or: Session expired or not found. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The local file does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The operation failed; `detail` says why. */
            500: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description No valid access token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description No valid access token. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The Host or Origin header is not allowed, or the local path lies outside the allowed directories. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body is larger than 1 MiB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The body's Content-Type is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description The route has no such method; `Allow` lists those it has. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
            /** @description A mistake of this server. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detail"];
                };
            };
        };
    };
}
