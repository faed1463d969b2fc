import { render } from "preact";
import { App } from "./app/App.tsx";
import "./app/attention.ts";
import "./app/drops.ts";
import { followLinks } from "./app/place.ts";
import "./app/theme.ts";
import "./app/tidings.ts";
import "./app/unsent.ts";
import "./look/base.css";
import "./look/page.css";
import "./look/tokens.css";

const root = document.getElementById("app");
if (root !== null) {
  followLinks();
  render(<App />, root);
}
