"""The bundled sample: invented outlets, original articles, and a web site on loopback that serves them."""

from flows.sample.corpus import Corpus, Outlet, Piece, load_corpus, load_labels
from flows.sample.site import SampleSite, sample_site

__all__ = ["Corpus", "Outlet", "Piece", "SampleSite", "load_corpus", "load_labels", "sample_site"]
