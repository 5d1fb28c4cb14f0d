# Every target is a line that calls a tool. tools/setup.sh first sets up what the tools need, once,
# and leaves a stamp when it is done. Works with GNU make 3.81 and later.

SCENE   ?= ## render, previews: scenes by their class names; all, if not given
STORY   ?= ## render, previews: a story file to draw instead of the scene's own
THEME   ?= ## render, previews: dark or light
BRAND   ?= ## render, previews: a brand file, whose colours and cards the scenes take
QUALITY ?= ## render: l, m, h, p or k, from 480p to 2160p
FORMAT  ?= ## render: mp4, gif, webm, webp, mov, png, sheet, separated by commas, or stills; mp4, if not given
SECTION ?= ## render: only this section, by its name
BROWSER ?= ## test: 1 installs a browser, and runs the tests that need one
SLOW    ?= ## test: 1 also runs the slow tests; only runs nothing else
ENGINES ?= ## test: 1 fetches real engines, and also records these; or a folder with some: docs/recording.md
COVERAGE ?= ## test: 1 lists, module by module, the lines that no test reached
NOTO    ?= ## fonts: a folder with NotoSerifCJK-Regular.ttc and -Bold.ttc; Debian's package, if not given
UPGRADE ?= ## lock: 1 takes the newest versions instead of keeping those that still fit
PYTHON  ?= ## first set-up: the Python to use; the newest suitable one, if not given

# Where the environment says otherwise, each of the many processes would compile all that it imports.
export PYTHONDONTWRITEBYTECODE =

bin = .venv/bin
quoted = '$(subst ','\'',$(1))'
option = $(if $($(1)),$(2) $(call quoted,$($(1))))
wanted = $(SCENE) $(call option,STORY,--story) $(call option,THEME,--theme) $(call option,BRAND,--brand)
pytest = -n auto --dist worksteal $(if $(filter 1,$(BROWSER)),--browser) -m '$(if $(filter only,$(SLOW)),slow,$(if $(SLOW),slow or not slow,not slow))'
made = $(call option,QUALITY,--quality) $(call option,FORMAT,--format) $(call option,SECTION,--section)

.PHONY: help render previews posters check bench test lint format lock fonts doctor clean distclean moved

help: ## show this list
	@{ sed -n 's/^\([a-z]*\):.*## /make \1@/p' Makefile; echo; \
	  sed -n 's/^\([A-Z]*\) *?= ## /\1=@/p' Makefile; } \
	  | awk -F@ 'NF { printf "  %-16s%s", $$1, $$2 } { print "" }'

render: .venv/render.stamp ## render the videos into media/
	$(bin)/pagereel render $(wanted) $(made)

# Of the promo, its short film is shown, 800 pixels wide, so that it has less than 2 MB. README-zh.md
# shows it in Chinese, and a story of its own.
promos = Promo PromoShort
short = $(bin)/pagereel render PromoShort --format gif -r 800,450 --fps 20
previews: .venv/render.stamp ## make the preview GIFs in media/previews/
	$(bin)/pagereel preview $(if $(SCENE)$(STORY),,$(filter-out $(promos),$(shell $(bin)/pagereel list | cut -d' ' -f1))) $(wanted)
	$(if $(strip $(wanted)),,$(short) -o media/previews/PromoShort.gif)
	$(if $(strip $(wanted)),,$(short) --story assets/stories/promo_short_zh.toml --brand assets/brands/astrai_zh.toml \
	  -o media/previews/PromoShort-promo_short_zh.gif)
	$(if $(strip $(wanted)),,$(bin)/pagereel preview --story assets/stories/paged_cache_zh.toml)

# The beat of each scene that says most without its movement.
moments = Compare:result ContinuousBatching:d-moves-up CopyOnWrite:stop Fragmentation:d-waits LruEviction:middle \
  PageLookup:cost PagedCache:a-expands-again PrefixSharing:shared Promo:title PromoShort:empty Replay:shot-05

posters: .venv/render.stamp ## make a still of each scene in media/previews/
	for each in $(moments); do scene=$${each%:*} beat=$${each#*:}; \
	  $(bin)/pagereel render "$$scene" --section "$$beat" --format png -r 960,540 \
	  && cp media/videos/*/540p10/sections/"$$scene"_*_"$$beat".png "media/previews/$$scene.png" || exit; done

check: .venv/render.stamp ## find what cannot be read in videos of three shapes, and in previews
	$(bin)/pagereel check $(wanted) --at 1080p --aspect 16:9,9:16,1:1
	$(bin)/pagereel check $(wanted) --at gif

bench: .venv/$(if $(filter 1,$(BROWSER)),browser,render).stamp ## compare speed and memory with manim's; takes long
	$(bin)/python bench/check.py
	$(bin)/python bench/render.py --ssim
	$(bin)/python bench/reel.py
	$(bin)/python bench/compare.py
	$(bin)/python bench/recorder.py
	$(bin)/python bench/trace.py
	$(bin)/python bench/gif.py
	$(bin)/python bench/watch.py
	$(if $(filter 1,$(BROWSER)),$(bin)/python bench/page.py)

test: export PAGEREEL_ENGINES = $(if $(filter 1,$(ENGINES)),$(CURDIR)/.venv-engines,$(ENGINES))
test: .venv/$(if $(filter 1,$(BROWSER)),browser,dev).stamp $(if $(filter 1,$(ENGINES)),.venv-engines/stamp) ## run the tests
	$(if $(COVERAGE),$(bin)/coverage erase && $(bin)/coverage run --data-file=$(call quoted,$(CURDIR)/.coverage) -m pytest,$(bin)/pytest) $(pytest)
	$(if $(COVERAGE),$(bin)/coverage combine --quiet && $(bin)/coverage report)

lint: .venv/dev.stamp ## check format, style and types
	$(bin)/ruff format --check
	$(bin)/ruff check
	$(bin)/mypy

format: .venv/dev.stamp ## format the code
	$(bin)/ruff format
	$(bin)/ruff check --fix

doctor: .venv/render.stamp ## say what is installed and what is missing
	$(bin)/pagereel doctor

lock: ## write requirements/*.lock from pyproject.toml
	tools/lock.sh $(if $(UPGRADE),--upgrade)

fonts: ## cut the Chinese, Japanese and Korean letters of our stories from Noto Serif CJK
	NOTO=$(call quoted,$(NOTO)) tools/fonts.sh

clean: ## remove rendered files and caches, but not previews and .venv
	mkdir -p media
	find media -mindepth 1 ! -path media/previews ! -path 'media/previews/*.gif' ! -path 'media/previews/*.png' -delete
	find . -name .venv -prune -o -name __pycache__ -prune -exec rm -rf {} +
	rm -rf .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache dist

distclean: clean ## also remove .venv and .venv-engines
	rm -rf .venv .venv-engines

# A stamp names the folder that it was made in. It does not count if that is another folder, or if
# .venv has lost its Python.
ifneq ($(shell [ -x .venv/bin/python ] && head -n 1 .venv/render.stamp 2>/dev/null),$(CURDIR))
.venv/render.stamp: moved
endif

.venv/render.stamp: pyproject.toml requirements/render.lock
	tools/setup.sh render

.venv/dev.stamp: .venv/render.stamp requirements/dev.lock
	tools/setup.sh dev

.venv-engines/stamp: requirements/engines.txt tools/setup.sh
	tools/setup.sh engines

.venv/browser.stamp: .venv/dev.stamp requirements/browser.lock
	tools/setup.sh browser
