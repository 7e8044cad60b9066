export * from "../../host/replay/vocabulary.ts";
