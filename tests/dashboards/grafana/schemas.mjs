// Prints JSON Schemas of Grafana's own types: the dashboard, and the options of every panel type that is asked for.
import { createGenerator } from "ts-json-schema-generator";
import { existsSync } from "node:fs";
import { defaultDashboard } from "./node_modules/@grafana/schema/dist/esm/raw/dashboard/x/types.gen.mjs";

const raw = "node_modules/@grafana/schema/dist/types/raw";
const schemaOf = (path, type) =>
  createGenerator({ path, type, tsconfig: "tsconfig.json", skipTypeCheck: true, expose: "all" }).createSchema(type);

const found = {
  version: defaultDashboard.schemaVersion,
  dashboard: schemaOf(`${raw}/dashboard/x/types.gen.d.ts`, "Dashboard"),
  panels: {},
};
for (const type of process.argv.slice(2)) {
  // Panels are called by ids such as state-timeline, their types are in folders without the hyphen.
  const path = `${raw}/composable/${type.replaceAll("-", "")}/panelcfg/x/types.gen.d.ts`;
  if (!existsSync(path)) continue;
  found.panels[type] = {};
  for (const part of ["Options", "FieldConfig"]) {
    try {
      found.panels[type][part] = schemaOf(path, part);
    } catch (error) {
      if (!String(error).includes("No root type")) throw error;
    }
  }
}
console.log(JSON.stringify(found));
