"""The steps of a gru and of a lstm over packed sequences, with their gradients written out.

`torch.nn.GRU` spends most of a small model's time on the overhead of single operations. Here both
directions take a step together in one batched product, a step is as wide as there are sequences left,
and everything in the backward pass that does not depend on the step after it is computed for all
steps at once. The equations are those of torch.nn.GRU and torch.nn.LSTM; a test holds the two together.

Both overwrite their inputs: with what the steps make of them, they are all that the backward pass needs,
and a step that allocates little is a fast one.

Shapes: D directions (1 or 2), P packed elements, N sequences, H hidden size.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from toolkit.nn.inputs import Packed


class GruSteps(Function):
    """States (D, P, H) of a gru.

    `inputs` (D, P, 3H) are the projected elements with all biases in, gates in the order reset,
    update, new; `weight` is (D, H, 3H); `bias_new` (D, H) is the hidden bias of the new gate, which is
    the one that the reset gate scales too.
    """

    @staticmethod
    def forward(ctx: Any, inputs: Tensor, weight: Tensor, bias_new: Tensor, packed: Packed) -> Tensor:
        size = weight.shape[1]
        plain_new = inputs[..., 2 * size :] - bias_new[:, None]  # (D, P, H) without the hidden side
        new, states = torch.empty_like(plain_new), torch.empty_like(plain_new)
        reset, update, whole_new = inputs.split(size, -1)
        gates = inputs[..., : 2 * size]  # reset and update
        buffers = (inputs, gates, reset, update, whole_new, plain_new, new, states)
        state = inputs.new_zeros(len(weight), packed.sizes[0], size)
        # Each name stands for one step's n rows of its buffer: (D, n, 3H), (D, n, 2H), then (D, n, H).
        for sums, g, r, u, w, p, n, s in zip(*(_steps(each, packed) for each in buffers), strict=True):
            state = state[:, : sums.shape[1]]
            sums.baddbmm_(state, weight)
            g.sigmoid_()
            torch.lerp(p, w, r, out=n).tanh_()
            state = torch.lerp(n, state, u, out=s)
        ctx.save_for_backward(weight, inputs, plain_new, new, states)
        ctx.packed = packed
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_states: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        weight, gates, plain_new, new, states = ctx.saved_tensors
        packed: Packed = ctx.packed
        directions, elements, size = new.shape
        reset, update, whole_new = gates.split(size, -1)
        # d(gate before its activation) / d(state), for the hidden side: (D, P, 3, H)
        by_state = new.new_empty(directions, elements, 3, size)
        by_new = (1 - update) * (1 - new * new)
        by_state[:, :, 0] = by_new * (whole_new - plain_new) * (reset - reset * reset)
        by_state[:, :, 1] = (states - new) * (1 - update)
        by_state[:, :, 2] = by_new * reset

        grad = grad_states.clone()  # (D, P, H) becomes the whole gradient of every state
        transposed = weight.transpose(1, 2)
        grads, slopes, updates = (_steps(each, packed) for each in (grad, by_state, update))
        for step in range(len(packed.sizes) - 1, 0, -1):
            count = packed.sizes[step]
            before = grads[step - 1][:, :count]
            sums = (grads[step].unsqueeze(2) * slopes[step]).view(directions, count, 3 * size)
            before.baddbmm_(sums, transposed).addcmul_(grads[step], updates[step])

        grad_sums = grad.unsqueeze(2) * by_state  # (D, P, 3, H)
        grad_weight = _weight_gradient(states, grad_sums.flatten(2), packed)
        grad_bias = grad_sums[:, :, 2].sum(1)
        grad_inputs = grad_sums
        torch.mul(grad, by_new, out=grad_inputs[:, :, 2])
        # `inputs` holds bias_new already, so what it gets through them is taken off again.
        grad_bias -= grad_inputs[:, :, 2].sum(1)
        return grad_inputs.flatten(2), grad_weight, grad_bias, None


class LstmSteps(Function):
    """States (D, P, H) of a lstm.

    `inputs` (D, P, 4H) are the projected elements with all biases in, gates in the order input,
    forget, output, cell; `weight` is (D, H, 4H).
    """

    @staticmethod
    def forward(ctx: Any, inputs: Tensor, weight: Tensor, packed: Packed) -> Tensor:
        size = weight.shape[1]
        take, keep, show, cell = inputs.split(size, -1)  # (D, P, H) each
        memories, shown, states = (torch.empty_like(cell) for _ in range(3))
        gates = inputs[..., : 3 * size]  # input, forget and output
        buffers = (inputs, gates, take, keep, show, cell, memories, shown, states)
        state = memory = inputs.new_zeros(len(weight), packed.sizes[0], size)
        # Each name stands for one step's n rows of its buffer: (D, n, 4H), (D, n, 3H), then (D, n, H).
        for sums, g, t, k, o, c, m, h, s in zip(*(_steps(each, packed) for each in buffers), strict=True):
            count = sums.shape[1]
            sums.baddbmm_(state[:, :count], weight)
            g.sigmoid_()
            memory = torch.mul(k, memory[:, :count], out=m).addcmul_(t, c.tanh_())
            state = torch.mul(o, torch.tanh(memory, out=h), out=s)
        ctx.save_for_backward(weight, inputs, memories, shown, states)
        ctx.packed = packed
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_states: Tensor) -> tuple[Tensor, Tensor, None]:
        weight, gates, memories, shown, states = ctx.saved_tensors
        packed: Packed = ctx.packed
        directions, elements, size = states.shape
        take, keep, show, cell = gates.split(size, -1)
        # d(gate before its activation) / d(memory), for the output gate / d(state): (D, P, 4, H)
        slope = gates.new_empty(directions, elements, 4, size)
        slope[:, :, 0] = cell * (take - take * take)
        slope[:, :, 1] = _before(memories, packed) * (keep - keep * keep)
        slope[:, :, 2] = shown * (show - show * show)
        slope[:, :, 3] = take * (1 - cell * cell)
        memory_by_state = show * (1 - shown * shown)

        grad = grad_states.clone()  # (D, P, H) becomes the whole gradient of every state
        grad_memory = torch.zeros_like(grad)
        grad_sums = torch.empty_like(slope)
        transposed = weight.transpose(1, 2)
        buffers = (grad, grad_memory, grad_sums, slope, memory_by_state, keep)
        grads, grads_memory, sums, slopes, by_states, keeps = (_steps(each, packed) for each in buffers)
        for step in range(len(packed.sizes) - 1, -1, -1):
            grads_memory[step].addcmul_(grads[step], by_states[step])
            torch.mul(grads_memory[step].unsqueeze(2), slopes[step], out=sums[step])
            torch.mul(grads[step], slopes[step][:, :, 2], out=sums[step][:, :, 2])
            if step > 0:
                count = packed.sizes[step]
                grads[step - 1][:, :count].baddbmm_(sums[step].flatten(2), transposed)
                torch.mul(grads_memory[step], keeps[step], out=grads_memory[step - 1][:, :count])
        flat = grad_sums.flatten(2)
        return flat, _weight_gradient(states, flat, packed), None


def _steps(tensor: Tensor, packed: Packed) -> tuple[Tensor, ...]:
    """Views (D, n, ...) of a tensor (D, P, ...), one for each step."""
    return tensor.split(packed.sizes, 1)


def _before(tensor: Tensor, packed: Packed) -> Tensor:
    """What the tensor (D, P, H) held one step before; zero at the first steps."""
    earlier = tensor.index_select(1, packed.previous)
    return torch.cat([torch.zeros_like(tensor[:, : packed.sizes[0]]), earlier], 1)


def _weight_gradient(states: Tensor, grad_sums: Tensor, packed: Packed) -> Tensor:
    """(D, H, gates) from the state before each step; the first steps have none."""
    before = states.index_select(1, packed.previous)  # (D, P - N, H)
    return torch.bmm(before.transpose(1, 2), grad_sums[:, packed.sizes[0] :])
