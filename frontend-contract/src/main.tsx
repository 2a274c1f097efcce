// The page the server sends to browsers.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./styles.css";
import "./shell/page.css";
import { Page } from "./shell/Page.js";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  );
}
