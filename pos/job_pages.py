"""The pages of long work (`pos.jobs`): how far it is, and the file it makes. Each is for whoever asked for it alone."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, send_file, url_for

from pos import jobs, web


class JobPages:
    """`<under>/<token>`, `.../kemajuan` and `.../unduh` of a blueprint, as its `job`, `progress` and `download`.

    `template` shows a job as `job`, `token` and whatever `more(job)` says; the files lie in `name` of the instance.
    One that `opens` is shown in the browser as soon as it is there, and the others are offered to be saved.
    """

    def __init__(
        self,
        bp: Blueprint,
        under: str,
        roles: Sequence[str],
        name: str,
        template: str,
        more: Callable[[Any], dict[str, Any]] = lambda _job: {},
        opens: bool = False,
        desk: jobs.Desk = jobs.DESK,
    ) -> None:
        self.bp, self.name, self.template, self.more, self.opens, self.desk = bp, name, template, more, opens, desk
        for suffix, view in (("", self.job), ("/kemajuan", self.progress), ("/unduh", self.download)):
            bp.add_url_rule(f"{under}/<token>{suffix}", view.__name__, web.require(*roles)(view))

    @property
    def folder(self) -> Path:
        return Path(current_app.instance_path) / self.name

    def begin(self, job: jobs.Job, work: jobs.Work, back: str) -> Any:
        """Have it made and show how far it is; where too much is being made already, say so on the page `back`."""
        try:
            return redirect(self.start(job, work))
        except jobs.TooBusy as error:
            flash(web.say(error.sentence), "warn")
            return redirect(back)

    def start(self, job: jobs.Job, work: jobs.Work, at_once: bool = False) -> str:
        """Have it made behind the page or `at_once`; where to go on. Raises `TooBusy`."""
        if at_once:
            return self.url(jobs.at_once(self.folder, g.person.id, job, work), "download")
        return self.url(jobs.start(self.folder, g.person.id, job, work, self.desk))

    def url(self, token: str, page: str = "job") -> str:
        return url_for(f"{self.bp.name}.{page}", token=token)

    def own(self) -> list[tuple[str, jobs.Job]]:
        """What the reader had made here within a day: where its page is, and how far it is."""
        return [(self.url(token), job) for token, job in jobs.all_of(self.folder, g.person.id)]

    def job(self, token: str) -> Any:
        found = jobs.found(self.folder, g.person.id, token)
        if self.opens and found.state == "done":
            return redirect(self.url(token, "download"))
        return render_template(self.template, job=found, token=token, **self.more(found))

    def progress(self, token: str) -> Any:
        """How far it is, for the page that waits."""
        found = jobs.found(self.folder, g.person.id, token)
        return {"state": found.state, "done": found.done, "total": found.total}

    def download(self, token: str) -> Any:
        name = jobs.found(self.folder, g.person.id, token).filename
        kind = "application/pdf" if name.endswith(".pdf") else "application/zip"  # not what Windows says it is
        path = jobs.file_of(self.folder, g.person.id, token)
        answer = send_file(path, kind, as_attachment=not self.opens, download_name=name)
        answer.headers["Cache-Control"] = "no-store"
        return answer
