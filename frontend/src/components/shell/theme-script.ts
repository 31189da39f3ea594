/** Where the chosen theme is kept. */
export const STORED = "stardeck-theme";

/** Runs before the page is painted, so that no wrong colours flash. */
export const THEME_SCRIPT = `(function(){try{var t=localStorage.getItem("${STORED}")}catch(e){}
var d=t==="dark"||(t!=="light"&&!matchMedia("(prefers-color-scheme: light)").matches);
document.documentElement.classList.toggle("dark",d)})()`;
