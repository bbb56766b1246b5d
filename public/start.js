// Starts the app: the module, and its program from the place the page names.
import begin from './app.js';

begin({ module_or_path: document.querySelector('meta[name="app-wasm"]').content });
