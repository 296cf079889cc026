// What Grafana shows of its panels: reads panels with their answers, prints what would be read on the screen.
//
// Everything is Grafana's own work (@grafana/data) but what its server and its core do, which no package has: the frames
// are made as its Prometheus data source makes them, and the properties of fields and the names in links registered here.
import {
  applyFieldOverrides, cacheFieldDisplayNames, createTheme, FieldType, formattedValueToString, getFieldDisplayName,
  getFieldDisplayValues, getFieldDisplayValuesProxy, identityOverrideProcessor, locationUtil,
  standardFieldConfigEditorRegistry, standardTransformers, standardTransformersRegistry, toDataFrame,
  transformDataFrame, valueMappingsOverrideProcessor,
} from "@grafana/data";
import { readFileSync } from "node:fs";
import { firstValueFrom } from "rxjs";

const asked = JSON.parse(readFileSync(0, "utf8"));
// It is then: "an hour ago" is said of that moment.
Date.now = () => asked.at * 1000;

// What is asked of a browser: its language.
globalThis.window ??= globalThis;
globalThis.navigator ??= { language: "en-US", languages: ["en-US"] };

const theme = createTheme({ colors: { mode: "dark" } });
const names = ["green", "yellow", "orange", "red", "dark-red", "purple", "blue", "text"];
const nameOf = new Map(names.map((name) => [theme.visualization.getColorByName(name), name]));
const colourOf = (colour) => nameOf.get(colour) ?? colour;

const properties = ["unit", "decimals", "min", "max", "displayName", "color", "thresholds", "links", "noValue"];
// Of a type of panel, and only what matters here.
const custom = ["cellOptions", "thresholdsStyle"];
const property = (id, more = {}) => ({
  id, path: id, name: id, shouldApply: () => true, getItemsCount: () => 0, process: identityOverrideProcessor, ...more,
});
standardFieldConfigEditorRegistry.setInit(() => [
  ...properties.map((id) => property(id)),
  property("mappings", { process: valueMappingsOverrideProcessor }),
  ...custom.map((name) => property(`custom.${name}`, { path: name, isCustom: true })),
]);
standardTransformersRegistry.setInit(() =>
  [standardTransformers.mergeTransformer, standardTransformers.organizeFieldsTransformer].map((each) => ({
    id: each.id, name: each.name, transformation: async () => each,
  })),
);
locationUtil.initialize({
  config: { appSubUrl: "" }, getVariablesUrlParams: () => ({}), getTimeRangeForUrl: () => ({}),
});

const replacing = (variables) => (text, scoped) =>
  text?.replace(/\$\{([\w.]+)\}/g, (_, name) => {
    const [first, ...path] = name.split(".");
    const { frame, field, rowIndex } = scoped?.__dataContext?.value ?? {};
    const found =
      first === "__field" ? path[0] === "labels" && field.labels?.[path[1]]
      : first === "__data" ? getFieldDisplayValuesProxy({ frame, rowIndex: rowIndex ?? 0 })[path[1]]
      : variables[first];
    return found ? String(found) : `NOTHING(${name})`;
  });

function framesOf(panel) {
  const times = (series) => ({ name: "Time", type: FieldType.time, values: series.map(([at]) => at * 1000) });
  return panel.targets.flatMap((target) => {
    if (target.format === "table") return target.answer.length ? [tableOf(panel, target)] : [];
    return target.answer.map(({ labels, name, points }) =>
      toDataFrame({
        refId: target.refId,
        fields: [
          times(points),
          {
            name: "Value", type: FieldType.number, labels, values: points.map(([, value]) => value),
            config: name ? { displayNameFromDS: name } : {},
          },
        ],
      }),
    );
  });
}

function tableOf(panel, { refId, answer }) {
  const value = panel.targets.length > 1 ? `Value #${refId}` : "Value";
  const labels = [...new Set(answer.flatMap((series) => Object.keys(series.labels)))].sort();
  const rows = answer.map((series) => series.points.at(-1));
  const fields = [
    { name: "Time", type: FieldType.time, values: rows.map(([at]) => at * 1000) },
    ...labels.map((name) => ({ name, type: FieldType.string, values: answer.map((each) => each.labels[name] ?? "") })),
    { name: value, type: FieldType.number, values: rows.map(([, each]) => each) },
  ];
  return toDataFrame({ refId, fields });
}

const cell = (display, links, isColoured = true) => ({
  text: formattedValueToString(display),
  color: isColoured ? colourOf(display.color) : "",
  links: links.map(({ href }) => href),
});

// A single value, or one for each series.
function single(panel, data, replaceVariables) {
  const { fieldConfig, options } = panel;
  const { reduceOptions } = options;
  return getFieldDisplayValues({ fieldConfig, reduceOptions, replaceVariables, theme, data, timeZone: "utc" }).map(
    (each) => ({ name: each.display.title ?? "", ...cell(each.display, each.getLinks?.({}) ?? []) }),
  );
}

// The end of each line or bar, and the limits that are drawn beside.
function drawn({ type }, data) {
  const rows = [];
  for (const frame of data) {
    for (const field of frame.fields.filter((each) => each.type === FieldType.number)) {
      const last = field.values.length - 1;
      const links = field.getLinks({ valueRowIndex: last });
      const { custom, color, thresholds } = field.config;
      // Colours that are only there to tell lines apart mean nothing; a heatmap's are its own.
      const isColoured = !color?.mode?.startsWith("palette") && type !== "heatmap";
      const shown = cell(field.display(field.values[last]), links, isColoured);
      rows.push({ name: getFieldDisplayName(field, frame, data), ...shown });
      if ((custom?.thresholdsStyle?.mode ?? "off") === "off") continue;
      for (const step of thresholds.steps.filter(({ value }) => Number.isFinite(value))) {
        const text = formattedValueToString(field.display(step.value));
        const limit = { name: "limit", text, color: step.color, links: [] };
        if (!rows.some((row) => row.name === limit.name && row.text === text)) rows.push(limit);
      }
    }
  }
  return rows;
}

async function table(panel, frames, finish) {
  const data = finish(await firstValueFrom(transformDataFrame(panel.transformations ?? [], frames)));
  return data.flatMap((frame) =>
    Array.from({ length: frame.length }, (_, row) =>
      frame.fields.map((field) => {
        const isColoured = field.config.custom?.cellOptions?.type?.startsWith("color");
        const links = field.getLinks({ valueRowIndex: row });
        return { name: getFieldDisplayName(field, frame, data), ...cell(field.display(field.values[row]), links, isColoured) };
      }),
    ),
  );
}

async function shown(panel) {
  const replaceVariables = replacing(asked.variables[panel.dashboard]);
  const finish = (data) => {
    const { fieldConfig } = panel;
    const done = applyFieldOverrides({ data, fieldConfig, replaceVariables, theme, timeZone: "utc" });
    cacheFieldDisplayNames(done);
    return done;
  };
  const frames = framesOf(panel);
  if (panel.type === "table") return table(panel, frames, finish);
  const data = finish(frames);
  const isSingle = panel.type === "stat" || panel.type === "bargauge";
  return (isSingle ? single(panel, data, replaceVariables) : drawn(panel, data)).map((each) => [each]);
}

async function main() {
  const all = {};
  for (const panel of asked.panels) all[`${panel.dashboard}: ${panel.title}`] = await shown(panel);
  console.log(JSON.stringify(all));
}

main();
