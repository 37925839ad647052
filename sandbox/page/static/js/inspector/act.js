// Changes made from the tenant's panel: one request, a note when it is refused.

import { post } from "../api.js";
import { fetchFaults, fetchTenant } from "../sync.js";
import { toast } from "../toast.js";

/** Send a change; gives the answer, or null after telling why not. */
export async function act(path, body) {
  try {
    const answer = await post(path, body);
    await Promise.all([fetchTenant(), fetchFaults()]);
    return answer;
  } catch (error) {
    toast(error.message, "error");
    return null;
  }
}
