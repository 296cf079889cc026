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

// What colours and words mean in a field: where each begins, as the field itself would show it.
function scaleOf(name, { config, display }) {
  const words = (config.mappings ?? [])
    .filter(({ type }) => type === "value")
    .flatMap(({ options }) => Object.keys(options).map((value) => [`is ${value}`, display(Number(value))]));
  const steps = config.color?.mode === "thresholds" ? config.thresholds.steps : [];
  const colours = steps.map(({ value }) =>
    Number.isFinite(value) ? [`from ${value}`, display(value)] : ["base", display(-Number.MAX_VALUE)],
  );
  return [...words, ...colours].map(([when, shown]) => {
    const text = when.startsWith("base") ? "" : formattedValueToString(shown);
    return [{ name: `${name}${when}`, text, color: colourOf(shown.color), links: [] }];
  });
}

// A single value, or one for each series.
function single(panel, data, replaceVariables) {
  const { fieldConfig, options } = panel;
  const { reduceOptions } = options;
  const asked = { fieldConfig, reduceOptions, replaceVariables, theme, data, timeZone: "utc" };
  const values = getFieldDisplayValues(asked).map((each) => [
    { name: each.display.title ?? "", ...cell(each.display, each.getLinks?.({}) ?? []) },
  ]);
  const field = data[0]?.fields.find(({ type }) => type === FieldType.number);
  return [...values, ...(field ? scaleOf("", field) : [])];
}

// The end of each line or bar, and the limits that are drawn beside.
function drawn({ type }, data) {
  const rows = [];
  const said = new Set();
  for (const frame of data) {
    for (const field of frame.fields.filter((each) => each.type === FieldType.number)) {
      const last = field.values.length - 1;
      const links = field.getLinks({ valueRowIndex: last });
      const { custom, color, thresholds } = field.config;
      // Colours that are only there to tell lines apart mean nothing; a heatmap's are its own.
      const isColoured = !color?.mode?.startsWith("palette") && type !== "heatmap";
      const shown = cell(field.display(field.values[last]), links, isColoured);
      rows.push([{ name: getFieldDisplayName(field, frame, data), ...shown }]);
      const limits = (custom?.thresholdsStyle?.mode ?? "off") === "off" ? [] : thresholds.steps;
      const drawnLimits = limits.filter(({ value }) => Number.isFinite(value)).map(({ value, color: name }) => [
        { name: "limit", text: formattedValueToString(field.display(value)), color: name, links: [] },
      ]);
      const words = type === "state-timeline" ? scaleOf("", field) : [];
      for (const row of [...drawnLimits, ...words]) {
        const text = JSON.stringify(row);
        if (!said.has(text)) rows.push(row);
        said.add(text);
      }
    }
  }
  return rows;
}

async function table(panel, frames, finish) {
  const data = finish(await firstValueFrom(transformDataFrame(panel.transformations ?? [], frames)));
  const isColoured = (field) => field.config.custom?.cellOptions?.type?.startsWith("color");
  return data.flatMap((frame) => {
    const nameOf = (field) => getFieldDisplayName(field, frame, data);
    const rows = Array.from({ length: frame.length }, (_, row) =>
      frame.fields.map((field) => {
        const links = field.getLinks({ valueRowIndex: row });
        return { name: nameOf(field), ...cell(field.display(field.values[row]), links, isColoured(field)) };
      }),
    );
    const coloured = frame.fields.filter((field) => isColoured(field) && field.type === FieldType.number);
    return [...rows, ...coloured.flatMap((field) => scaleOf(`${nameOf(field)} `, field))];
  });
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
  return ["stat", "bargauge"].includes(panel.type) ? single(panel, data, replaceVariables) : drawn(panel, data);
}

async function main() {
  const all = {};
  for (const panel of asked.panels) all[`${panel.dashboard}: ${panel.title}`] = await shown(panel);
  console.log(JSON.stringify(all));
}

main();
