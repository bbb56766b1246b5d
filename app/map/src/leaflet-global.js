// protomaps-leaflet wants Leaflet under this name; the build puts it wherever the name stands.
export * as L from 'leaflet';
