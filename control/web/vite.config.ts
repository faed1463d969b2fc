/// <reference types="vitest/config" />
import { defineConfig } from "vite";
import { compress } from "./build/compress.ts";

// What `npm run dev` speaks to: a Madang that `./deploy/up` started.
const MADANG = process.env["MADANG_URL"] ?? "http://127.0.0.1:8000";

const HOUSE = /node_modules|\/src\/(?:app|chat|http|look|parts|yard|words)\//;

export default defineConfig({
  plugins: [compress()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    outDir: "dist",
    assetsInlineLimit: 0, // nothing inline: the policy forbids it
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // What every screen stands on comes in one piece, and each screen in one of its own.
        codeSplitting: { groups: [{ name: "house", test: HOUSE }] },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    // Control and chatd hear of their own pages alone, and these are theirs, too.
    proxy: {
      "/api": { target: MADANG, headers: { origin: MADANG } },
      "/socket": { target: MADANG, headers: { origin: MADANG }, ws: true },
    },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node", testTimeout: 30_000 }, // a busy machine is no failure
});
