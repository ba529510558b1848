from .whole_study import answer_all as answer_all
