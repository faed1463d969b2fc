import { render } from "preact";

const root = document.getElementById("app");
if (root !== null) render(<h1>마당</h1>, root);
