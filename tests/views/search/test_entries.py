"""What a typed text finds."""

from convstudio.views.search.entries import SearchEntry, SearchGroup, matching

SOBEL = SearchEntry("sobel-x", SearchGroup.PRESETS, "Sobel, left to right", "Vertical edges")
BLUR = SearchEntry("box", SearchGroup.PRESETS, "Mean", "A hard blur")


def test_a_preset_is_found_by_its_name_in_recipes_too() -> None:
    assert matching((BLUR, SOBEL), "sobel x") == [SOBEL]
    assert matching((BLUR, SOBEL), "sobel-x") == [SOBEL]
    assert matching((BLUR, SOBEL), "box") == [BLUR]
    assert matching((BLUR, SOBEL), "sobel y") == []
