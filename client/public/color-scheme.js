// Sets light or dark on <html> before the first paint; a file of its own because inline scripts are not allowed here.
try {
  let scheme = localStorage.getItem("flowcatch-color-scheme");
  if (scheme !== "light" && scheme !== "dark") {
    scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  document.documentElement.setAttribute("data-mantine-color-scheme", scheme);
} catch {
  document.documentElement.setAttribute("data-mantine-color-scheme", "light");
}
