// The box above a column of boxes ticks all of them, and says how many are ticked.
const all = document.querySelector("[data-pick-all]");
const boxes = [...document.querySelectorAll("[data-pick]")];
const count = document.querySelector("[data-picked]");

function tell() {
  const ticked = boxes.filter((box) => box.checked).length;
  all.checked = ticked > 0 && ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
  if (count) count.textContent = ticked ? String(ticked) : "";
}

if (all) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  tell();
}
