from .whole_study import answer_all as answer_all
from .whole_study import answer_one as answer_one
