export * from "../../host/wasm/vocabulary.ts";
