"""The programs that train the bundled classifier. They are not installed: run them from a checkout (extra ``train``).

The commands, in the order in which they are run; each has ``--help``:

``python -m training.texts --data DIR --word-pieces 20000 --out TEXTS.pt``
    trains the text network (topic, opinion); its embedding remains that of the pretrained sentence encoder;
``python -m training.export --data DIR --texts TEXTS.pt --out FOLDER``
    writes the graph of the text network with vectors of tokens, and calibrates topics;
``python -m training.new_branch --data DIR --model MODEL --texts FOLDER --out NEW``
    gives a model folder the topics of a new text graph, and keeps the embedding, on which the answers depend;
``python -m training.selection --data DIR --model FOLDER``
    measures how often a pack that this text graph chooses contains a paragraph that shows the author's stance;
``python -m training --data DIR --base MPNET --texts FOLDER --out RUN --minutes 100``
    trains the pair network (stance, relevance, evidence) on packs of whole op-eds, on short arguments and on pairs of
    natural language inference;
``python -m training.weight_average --checkpoint RUN/last.pt --other START --out MEAN/last.pt``
    averages the weights of the pair network with those of the network it began with, if ``--start`` named one;
``python -m training.export --data DIR --texts FOLDER --pairs MEAN/last.pt --out MODEL``
    writes the model folder (ONNX, rounded to seven and eight bits, tokenizer, config);
``python -m training.calibrate_answers --data DIR --model MODEL``
    fits the calibration, which turns raw scores into answers, on the split dev;
``python -m training.eval_gate``
    compares the figures of a model with the floors that it must keep.

The texts, ``opeds.parquet``, ``stance.parquet`` and ``nli.parquet``, are not part of the project;
:mod:`training.corpus` and :mod:`training.opeds_data` describe the expected files and columns. The project's own files
have statements and labels:

- ``rewordings``: other wordings, denials and phrases of the statements of ``opeds.parquet``;
- ``added_statements``: more general statements, asked of 1,920 pieces of training;
- ``cross_statements``: statements of other pieces, and those in the words of a user, asked of the pieces of training;
- ``excerpts``: statements for the beginnings of other articles, for comments and for short arguments;
- ``opeds``: op-eds that were invented for training, with their questions;
- ``dev_statements``, ``untrained_statements``: general statements asked of dev pieces, to calibrate and to choose;
- ``topic_labels.jsonl``: topics of pieces, of other articles, and of questions;
- ``eval_gate.jsonl``: short texts of the project, for the floors.
"""

import models  # noqa: F401 - it switches the reports of ONNX Runtime off, before that is imported
