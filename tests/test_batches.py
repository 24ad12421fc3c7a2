"""Where the corpus is cut: large enough pieces, the same for everybody, and a new file moves few of them."""

from pathlib import Path

import pytest

from testimony.batches import BATCH_BYTES, Settings, plan


@pytest.fixture
def notes(tmp_path):
    """Write this many files of this size."""

    def write(count: int, size: int) -> list[tuple[Path, str]]:
        files = [(tmp_path / f"{n:04}.txt", f"{n:04}.txt") for n in range(count)]
        for path, name in files:
            path.write_text(name.ljust(size, "."))
        return files

    return write


def test_small_files_share_batches_of_some_size(notes) -> None:
    batches = plan(notes(1000, 1000), Settings())
    assert sum(batch.size for batch in batches) == 1_000_000
    assert max(batch.size for batch in batches) <= BATCH_BYTES
    assert len(batches) < 30


def test_a_new_file_leaves_most_batches_as_they_were(notes) -> None:
    files = notes(1000, 1000)
    before = {batch.key for batch in plan(files[:500] + files[501:], Settings())}
    after = {batch.key for batch in plan(files, Settings())}
    assert len(before & after) >= len(before) - 4


@pytest.mark.parametrize(("rows", "parts"), [(1000, [1, 1, 1, 1]), (10_000, [2] * 20)])
def test_a_table_is_cut_by_its_rows_and_a_large_one_into_larger_batches(tmp_path, rows, parts) -> None:
    (tmp_path / "avis.csv").write_text("avis\n" + f"{'Un accueil vraiment chaleureux. ' * 20}\n" * rows)
    batches = plan([(tmp_path / "avis.csv", "avis.csv")], Settings())
    assert [len(batch.parts) for batch in batches] == parts
