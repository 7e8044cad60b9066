export * from "../../host/replay/prose.ts";
