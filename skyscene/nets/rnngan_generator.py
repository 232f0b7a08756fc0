"""RNN-GAN's generator as far as it can be reconstructed: picture to code, one LSTM, code to picture.

No code of the authors is public; the layer sizes are those of a third party's re-implementation. Its last
two transposed convolutions add a row and a column (output padding) that no input reaches: three of 64 rows
and columns would be one colour in every clip. Here what is added repeats its neighbour instead.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from skyscene.nets.init import draw_weights


class Generator(nn.Module):
    """Picture of 64 x 64 in, frames of the same size out; frame 0 is drawn anew, too.

    Args:
        frames: Steps of the recurrence.
        feed_back: Feed the code of each step's own output to the next, instead of the picture's code to all.
        width: Channels after the first layer; the code has eight times as many.
    """

    def __init__(self, frames: int = 32, feed_back: bool = False, width: int = 64) -> None:
        super().__init__()
        self.frames = frames
        self.feed_back = feed_back
        self.code = 8 * width
        self.encoder = nn.Sequential(
            *_down(3, width),
            *_down(width, 2 * width),
            *_down(2 * width, 4 * width),
            nn.Conv2d(4 * width, self.code, 5, 2, bias=False),
            nn.Tanh(),
        )
        self.recurrence = nn.LSTM(self.code, self.code, batch_first=True)
        self.decoder = nn.Sequential(
            *_up(self.code, 4 * width),
            *_up(4 * width, 2 * width),
            *_up(2 * width, width),
            nn.ReplicationPad2d((0, 1, 0, 1)),
            nn.ConvTranspose2d(width, 3, 5, 2, bias=False),
            nn.ReplicationPad2d((0, 1, 0, 1)),
            nn.Tanh(),
        )
        draw_weights(self.modules(), conv_std=0.02)

    def forward(self, first_bchw: Tensor) -> Tensor:
        """The clip, (b, 3, frames, 64, 64), in [-1, 1]."""
        code_bd = self.encoder(first_bchw).flatten(1)
        state_btd = self._fed_back(code_bd) if self.feed_back else self._unrolled(code_bd)
        pictures = self.decoder(state_btd.reshape(-1, self.code, 1, 1))
        clip_btchw = pictures.unflatten(0, (len(first_bchw), self.frames))
        clip_bcthw: Tensor = clip_btchw.transpose(1, 2)
        return clip_bcthw

    def _unrolled(self, code_bd: Tensor) -> Tensor:
        state_btd: Tensor = self.recurrence(code_bd.unsqueeze(1).expand(-1, self.frames, -1))[0]
        return state_btd

    def _fed_back(self, code_bd: Tensor) -> Tensor:
        states, step, memory = [], code_bd.unsqueeze(1), None
        for _ in range(self.frames):
            step, memory = self.recurrence(step, memory)
            states.append(step)
        return torch.cat(states, dim=1)


def _down(into: int, out: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(into, out, 5, 2, bias=False), nn.BatchNorm2d(out), nn.ReLU()


def _up(into: int, out: int) -> tuple[nn.Module, ...]:
    return nn.ConvTranspose2d(into, out, 5, 2, bias=False), nn.BatchNorm2d(out), nn.ReLU()
