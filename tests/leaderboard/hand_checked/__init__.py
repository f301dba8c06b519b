"""Leaderboards whose answers were worked out by hand: each file in `cases/` is one, to be checked on paper.

A case tells what every trial reported, and what `toolkit compare` must then say:

    why: the sentence, or the arithmetic, by which the answer was found
    searches:
      - experiment: names
        id: aaaa                    # zeros follow, up to twelve digits
        metric: validation_loss     # like mode: min, what is meant where nothing stands
        trials:
          - [0.5, 0.3, COMPLETED]   # trial 0: the metric of each epoch, and how it ended
          - params: {lr: 0.1}
            happens: [{validation_loss: 0.4, validation_accuracy: 0.8}, FAILED: out of memory]
    asked:
      - compare: --scope last       # after `toolkit compare`
        rows: |                     # what --json holds; two spaces or more between cells, - for nothing
          rank  run      epoch  validation_loss
          1     names/0  1      0.3

`case` reads these files and writes the journals, `test_hand_checked` asks.
"""
