// The inits that engines start for `--init`: each engine's own, and our binary in its place.
import { Docker, whyNoDocker } from "../../support/docker.ts";
import type { Engine } from "../../support/engine.ts";
import { binary } from "../../support/paths.ts";
import { Podman, whyNoPodman } from "../../support/podman.ts";

/** The column's name is the name that the container's PID 1 has. */
export type ColumnName = "podman-init" | "catatonit" | "docker-init" | "tini";

export interface Column {
  readonly name: ColumnName;
  readonly title: string;
  /** The program on this machine. */
  readonly program: string;
}

export interface EngineOfColumns {
  readonly name: string;
  readonly columns: readonly Column[];
  whyAbsent(): string | undefined;
  open(): Promise<Engine>;
}

export const CATATONIT = "/usr/bin/catatonit";
const TINI = "/usr/bin/tini-static";

export const engines: readonly EngineOfColumns[] = [
  {
    name: "podman",
    columns: [
      { name: "podman-init", title: "wasm-init as podman's init", program: binary },
      { name: "catatonit", title: "catatonit, podman's own init", program: CATATONIT },
    ],
    whyAbsent: whyNoPodman,
    open: () => Promise.resolve(new Podman()),
  },
  {
    name: "docker",
    columns: [
      { name: "docker-init", title: "wasm-init as docker's init", program: binary },
      { name: "tini", title: "tini, docker's own init", program: TINI },
    ],
    whyAbsent: whyNoDocker,
    open: async () => {
      const docker = new Docker(binary);
      await docker.ready();
      return docker;
    },
  },
];

export const isOurs = ({ program }: Column) => program === binary;
