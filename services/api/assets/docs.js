/* global window */
window.addEventListener("load", () => {
  window.ui = window.SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    validatorUrl: null, // nothing is sent to another host
    presets: [window.SwaggerUIBundle.presets.apis],
  });
});
