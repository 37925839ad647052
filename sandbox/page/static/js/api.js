// Talks to the sandbox's control API: JSON in, JSON out.

/** The control API refused, or could not be reached. */
class ControlError extends Error {
  constructor(code, message) {
    super(message || code);
    this.code = code;
  }
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new ControlError("unreachable", "The sandbox does not answer. Is it still running?");
  }
  const answer = await readJson(response);
  if (answer.ok === false) throw new ControlError(answer.error, answer.message);
  return answer;
}

async function readJson(response) {
  try {
    return await response.json();
  } catch {
    throw new ControlError(
      "bad_answer",
      `The sandbox answered ${response.status} without JSON.`,
    );
  }
}

/** GET with query parameters; those that are undefined are left out. */
export function get(path, query = {}) {
  const parts = Object.entries(query).filter(([, value]) => value !== undefined);
  const suffix = new URLSearchParams(parts).toString();
  return call(suffix ? `${path}?${suffix}` : path);
}

/** POST a JSON body. */
export function post(path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  return call(path, { method: "POST", headers, body: JSON.stringify(body) });
}
