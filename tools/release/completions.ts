/** Shell completions, from the option table that --help is made from. */
import type { Row, Table } from "../../assembly/options/tables";

function words(row: Row): string[] {
  const names = [];
  if (row.short !== undefined) names.push(`-${row.short}`);
  if (row.long !== undefined) names.push(`--${row.long}`);
  return names;
}

/** In bash: options, and after them commands and files. */
export function bashCompletion(table: Table): string {
  return [
    "_wasm_init() {",
    "  local cur=${COMP_WORDS[COMP_CWORD]}",
    "  if [[ $cur == -* ]]; then",
    `    COMPREPLY=($(compgen -W "${table.rows.flatMap(words).join(" ")}" -- "$cur"))`,
    "  else",
    '    COMPREPLY=($(compgen -c -f -- "$cur"))',
    "  fi",
    "}",
    "complete -F _wasm_init wasm-init",
    "",
  ].join("\n");
}

/** In zsh. */
export function zshCompletion(table: Table): string {
  const quoted = (text: string) =>
    text.replace(/['[\]:]/g, (it) => (it === "'" ? "'\\''" : `\\${it}`));
  const specs = table.rows.flatMap((row) =>
    words(row).map((word) => {
      const joined = row.optional === true ? "=-" : row.value !== undefined ? "" : "";
      const colons = row.optional === true ? "::" : ":";
      const value = row.value === undefined ? "" : `${colons}${quoted(row.value)}:`;
      const name = row.optional === true && !word.startsWith("--") ? word : word + joined;
      const takes = row.optional === true && !word.startsWith("--") ? "" : value;
      return `  '*${name}[${quoted(row.help)}]${takes}' \\`;
    }),
  );
  return ["#compdef wasm-init", "_arguments -S \\", ...specs, "  '*::command:_normal'", ""].join(
    "\n",
  );
}

/** In fish. */
export function fishCompletion(table: Table): string {
  const lines = table.rows.map((row) => {
    const short = row.short === undefined ? "" : ` -s ${row.short}`;
    const long = row.long === undefined ? "" : ` -l ${row.long}`;
    const value = row.value === undefined || row.optional === true ? "" : " -r";
    return `complete -c wasm-init${short}${long}${value} -d '${row.help.replaceAll("'", "\\'")}'`;
  });
  return `${lines.join("\n")}\n`;
}
