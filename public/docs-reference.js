// Parts of the viewer that nobody could use with a screen reader: a link within a button, and a list of one server.
const plain = (system) => ({
  components: {
    DeepLink: ({ text }) => system.React.createElement("span", null, text),
    ServersContainer: () => null,
  },
});
window.SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#reference",
  validatorUrl: null,
  // Its colours of numbers in examples have too little contrast.
  syntaxHighlight: false,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  plugins: [plain],
});
