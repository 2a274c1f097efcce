// The app of somebody else, who put the component among things of their own.

import {
  ConnectionManager, en, type CommandOutput, type ConnectionManagerProps, type DownloadedFile, type Strings,
} from "@connection-manager/frontend";
import { UNREACHABLE } from "@connection-manager/frontend/client";
import { MAX_INPUT, type Mode } from "@connection-manager/frontend/protocol";
import sessions from "@connection-manager/frontend/examples/list-sessions.json" with { type: "json" };
import "@connection-manager/frontend/styles.css";
import { StrictMode, useState, type CSSProperties } from "react";
import { createRoot } from "react-dom/client";
import "./host.css";

interface Told {
  files: DownloadedFile[];
  commands: CommandOutput[];
}

declare global {
  interface Window {
    told: Told;
  }
}

window.told = { files: [], commands: [] };

/** Words of their own. */
const strings: Strings = { ...en, sessions: { ...en.sessions, title: "Machines" } };
/** The rest of the package, used as types say it can be. */
const used: [string, number, Mode, number] = [UNREACHABLE, MAX_INPUT, "read", sessions.body.sessions.length];

const slot: CSSProperties & Record<`--${string}`, string> = { "--connection-manager-height": "100%" };

function App() {
  const [shown, setShown] = useState(true);
  const [dark, setDark] = useState(false);
  const props: ConnectionManagerProps = {
    baseUrl: new URLSearchParams(window.location.search).get("server") ?? "",
    colorScheme: dark ? "dark" : "light",
    strings,
    onFileDownloaded: (file) => window.told.files.push(file),
    onCommandOutput: (output) => window.told.commands.push(output),
  };
  return (
    <>
      <header className="shelf">
        <h1>Tool shelf</h1>
        <button id="own" onClick={() => setShown(!shown)}>{shown ? "Put away" : "Take out"}</button>
        <button onClick={() => setDark(!dark)}>Turn the light {dark ? "on" : "off"}</button>
        <input aria-label="Of the app" defaultValue={used.join(" ")} />
      </header>
      {shown && <div className="slot" style={slot}><ConnectionManager {...props} /></div>}
      <p id="below">Below it, the app goes on.</p>
    </>
  );
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode><App /></StrictMode>);
