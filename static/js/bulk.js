// Shows the fields that belong to the chosen change; without this all of them stand there.
const form = document.querySelector(".bulk-form");

function show() {
  const act = form.elements.aksi.value;
  for (const part of form.querySelectorAll("[data-for]")) {
    part.hidden = !part.dataset.for.split(" ").includes(act);
  }
}

if (form) {
  form.elements.aksi.addEventListener("change", show);
  show();
}
