export * from "../../host/replay/drive.ts";
