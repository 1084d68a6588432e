/** The least that workerd can be asked to do. */
export default {
  fetch: () => new Response("{}", { headers: { "content-type": "application/json" } }),
};
