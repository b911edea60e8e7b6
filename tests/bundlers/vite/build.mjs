import { build } from "vite";

// React tells a development build by this, and only there strict mode runs effects twice.
process.env.NODE_ENV = "development";
await build({ root: import.meta.dirname, mode: "development", logLevel: "warn", build: { outDir: "out" } });
