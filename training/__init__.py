"""How the bundled classifier is made: mix the data, train, calibrate, export, evaluate.

Commands, each with ``--help`` (install the extra ``train``):

``python -m training.build NAME --data DIR --base DIR``
    does all that follows but the comparison, by ``recipes.toml``;
``python -m training --data DIR --out DIR``
    trains the pair network (stance, relevance) and keeps resumable checkpoints in ``--out``;
``python -m training.texts --data DIR --out FILE``
    trains the text network (topic, opinion);
``python -m training.mean --first DIR --second FILE --out FILE``
    takes the mean of two networks' weights;
``python -m training.export --data DIR --pairs FILE --texts FILE --out DIR``
    writes a model folder (ONNX int8, tokenizer, config) and fits the calibration on the dev splits;
``python -m training.evaluate --data DIR --model DIR``
    measures a model folder on every dev split and trap set;
``python -m training.agreement --data DIR --model DIR --pairs FILE --texts FILE``
    compares the quantised model with the fp32 networks it came from.

The data files are not part of the project; :mod:`training.corpus` says which files and columns are
expected.
"""
