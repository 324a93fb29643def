// What stands outside of the scripts: Leaflet, which the page carries, and the map it has made.

declare const L: any;

interface Window {
  grannskapMap: any;
}
