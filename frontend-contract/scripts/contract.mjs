// Compares two OpenAPI descriptions as a client sees them: what it may no longer send, and
// what it can no longer count on in an answer. Adding is no break.

const METHODS = ["get", "put", "post", "delete", "patch", "head", "options"];

/** The operations of the contract: what its clients were written against. */
export const CONTRACT = [
  "GET /", "GET /health", "GET /connections", "POST /connections/ssh", "POST /connections/ftp",
  "DELETE /connections/{session_id}", "GET /connections/{session_id}",
  "GET /connections/{session_id}/files", "POST /connections/{session_id}/download",
  "POST /connections/{session_id}/upload", "POST /connections/{session_id}/execute",
  "POST /connections/cleanup",
];

/** The operations of a description by `METHOD /path`. */
function operations(description) {
  const all = new Map();
  for (const [path, item] of Object.entries(description.paths ?? {})) {
    for (const method of METHODS) {
      if (item[method]) all.set(`${method.toUpperCase()} ${path}`, { ...item[method], shared: item.parameters ?? [] });
    }
  }
  return all;
}

/** Follows `$ref`; `seen` ends what refers to itself. */
function resolved(description, schema) {
  let at = schema ?? {};
  for (let depth = 0; at.$ref && depth < 20; depth += 1) {
    at = at.$ref.slice(2).split("/").reduce((value, key) => value?.[key], description) ?? {};
  }
  if (Array.isArray(at.allOf)) {
    const { allOf, ...own } = at;
    return allOf.map((part) => resolved(description, part)).reduce((whole, part) => ({
      ...whole, ...part,
      properties: { ...whole.properties, ...part.properties },
      required: [...(whole.required ?? []), ...(part.required ?? [])],
    }), own);
  }
  return at;
}

const typeOf = (schema) => schema.type ?? (schema.properties ? "object" : "any");

/**
 * What breaks a client that was written for `before` when it meets `after`.
 * @param only the operations to compare; all of `before` by default
 * @returns {string[]} each break, in words
 */
export function breaks(before, after, only) {
  const found = [];
  const old = operations(before);
  const now = operations(after);
  for (const name of only ?? old.keys()) {
    const was = old.get(name);
    const is = now.get(name);
    if (!was) {
      found.push(`${name}: is not in the baseline`);
      continue;
    }
    if (!is) {
      found.push(`${name}: the route is gone`);
      continue;
    }
    parameters(name, was, is);
    body(name, was, is);
    for (const [status, response] of Object.entries(was.responses ?? {})) {
      const answer = is.responses?.[status];
      if (!answer) {
        found.push(`${name}: the status ${status} is gone`);
        continue;
      }
      for (const [media, { schema }] of Object.entries(response.content ?? {})) {
        const place = `${name} ${status}`;
        if (!answer.content?.[media]) found.push(`${place}: ${media} is gone`);
        else answered(place, schema, answer.content[media].schema, new Set());
      }
    }
  }
  return found;

  function parameters(name, was, is) {
    const list = (operation, description) => new Map(
      [...operation.shared, ...(operation.parameters ?? [])]
        .map((one) => resolved(description, one)).map((one) => [`${one.in} ${one.name}`, one]),
    );
    const had = list(was, before);
    const has = list(is, after);
    for (const [key, one] of had) {
      const other = has.get(key);
      if (!other) found.push(`${name}: the parameter ${key} is gone`);
      else sent(`${name} ${key}`, one.schema, other.schema, new Set());
    }
    for (const [key, one] of has) {
      if (one.required && !had.get(key)?.required) found.push(`${name}: the parameter ${key} must be sent now`);
    }
  }

  function body(name, was, is) {
    const had = was.requestBody && resolved(before, was.requestBody);
    const has = is.requestBody && resolved(after, is.requestBody);
    if (has?.required && !had?.required) found.push(`${name}: a body must be sent now`);
    for (const [media, { schema }] of Object.entries(had?.content ?? {})) {
      if (!has?.content?.[media]) found.push(`${name}: a body of ${media} is no longer taken`);
      else sent(`${name} body`, schema, has.content[media].schema, new Set());
    }
  }

  /** What a client sends must still be taken. */
  function sent(place, oldSchema, newSchema, seen) {
    const was = resolved(before, oldSchema);
    const is = resolved(after, newSchema);
    if (seen.has(was)) return;
    seen.add(was);
    if (typeOf(is) !== "any" && typeOf(was) !== typeOf(is)) {
      found.push(`${place}: was ${typeOf(was)}, is ${typeOf(is)}`);
      return;
    }
    if (was.nullable && !is.nullable) found.push(`${place}: null is no longer taken`);
    for (const value of is.enum ? was.enum ?? ["any value"] : []) {
      if (!is.enum.includes(value)) found.push(`${place}: ${value} is no longer taken`);
    }
    for (const field of is.required ?? []) {
      if (!was.required?.includes(field)) found.push(`${place}: ${field} must be sent now`);
    }
    for (const [field, schema] of Object.entries(was.properties ?? {})) {
      if (is.properties?.[field]) sent(`${place}.${field}`, schema, is.properties[field], seen);
      else found.push(`${place}: ${field} is no longer taken`);
    }
    if (was.items) sent(`${place}[]`, was.items, is.items, seen);
  }

  /** What a client reads must still be there. */
  function answered(place, oldSchema, newSchema, seen) {
    const was = resolved(before, oldSchema);
    const is = resolved(after, newSchema);
    if (seen.has(was)) return;
    seen.add(was);
    if (typeOf(was) !== "any" && typeOf(was) !== typeOf(is)) {
      found.push(`${place}: was ${typeOf(was)}, is ${typeOf(is)}`);
      return;
    }
    if (is.nullable && !was.nullable) found.push(`${place}: may be null now`);
    for (const value of was.enum ? is.enum ?? ["any value"] : []) {
      if (!was.enum.includes(value)) found.push(`${place}: may be ${value} now`);
    }
    for (const field of was.required ?? []) {
      if (!is.required?.includes(field)) found.push(`${place}: ${field} may be absent now`);
    }
    for (const [field, schema] of Object.entries(was.properties ?? {})) {
      if (is.properties?.[field]) answered(`${place}.${field}`, schema, is.properties[field], seen);
      else found.push(`${place}: ${field} is gone`);
    }
    if (was.items) answered(`${place}[]`, was.items, is.items, seen);
  }
}

/** The part of a description that these operations need. */
export function excerpt(description, only) {
  const paths = {};
  for (const name of only) {
    const [method, path] = name.split(" ");
    const operation = description.paths[path]?.[method.toLowerCase()];
    if (!operation) throw new Error(`${name} is not in the description`);
    (paths[path] ??= {})[method.toLowerCase()] = operation;
  }
  const schemas = {};
  const collect = (value) => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (schemas[name]) continue;
      schemas[name] = description.components.schemas[name];
      collect(schemas[name]);
    }
  };
  collect(paths);
  return { openapi: description.openapi, info: description.info, paths, components: { schemas } };
}
