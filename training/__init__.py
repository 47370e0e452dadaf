"""How the bundled classifier is made. It is no part of what is installed: run from a checkout with the extra ``train``.

In this order, each command with ``--help``:

``python -m training.texts --data DIR --pieces 20000 --out TEXTS.pt``
    trains the text network (topic, opinion); its embedding stays that of the pretrained sentence encoder;
``python -m training.export --data DIR --texts TEXTS.pt --out FOLDER``
    writes its graph, and calibrates topics;
``python -m training.selection --data DIR --model FOLDER``
    says how often a pack that this text graph chooses holds a paragraph which shows the author's stance;
``python -m training --data DIR --base MPNET --texts FOLDER --out RUN --minutes 100``
    trains the pair network (stance, relevance, evidence) on packs of whole op-eds, and on short arguments;
``python -m training.mean --checkpoint RUN/last.pt --other START --out MEAN/last.pt``
    moves it a part of the way back to the network that it began with (``--start``), if it began with one;
``python -m training.export --data DIR --texts FOLDER --pairs MEAN/last.pt --out MODEL``
    writes the model folder (ONNX in eight bits, tokenizer, config);
``python -m training.calibrate_answers --data DIR --model MODEL``
    fits how raw scores become answers, on dev.

The data files are not part of the project; :mod:`training.corpus` and :mod:`training.opeds_data` say which files and
columns are expected.
"""
