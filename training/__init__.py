"""The programs that train the bundled classifier. They are not installed: run them from a checkout (extra ``train``).

The commands, in the order in which they are run; each has ``--help``:

``python -m training.texts --data DIR --pieces 20000 --out TEXTS.pt``
    trains the text network (topic, opinion); its embedding remains that of the pretrained sentence encoder;
``python -m training.export --data DIR --texts TEXTS.pt --out FOLDER``
    writes the graph of the text network, and calibrates topics;
``python -m training.selection --data DIR --model FOLDER``
    measures how often a pack that this text graph chooses contains a paragraph that shows the author's stance;
``python -m training --data DIR --base MPNET --texts FOLDER --out RUN --minutes 100``
    trains the pair network (stance, relevance, evidence) on packs of whole op-eds, and on short arguments;
``python -m training.weight_average --checkpoint RUN/last.pt --other START --out MEAN/last.pt``
    averages the weights of the pair network with those of the network it began with, if ``--start`` named one;
``python -m training.export --data DIR --texts FOLDER --pairs MEAN/last.pt --out MODEL``
    writes the model folder (ONNX in eight bits, tokenizer, config);
``python -m training.calibrate_answers --data DIR --model MODEL``
    fits the calibration, which turns raw scores into answers, on the split dev.

The data files are not part of the project; :mod:`training.corpus` and :mod:`training.opeds_data` describe the
expected files and columns.
"""
