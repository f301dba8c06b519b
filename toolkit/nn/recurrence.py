"""The steps of a gru and of a lstm over packed sequences, with their gradients written out.

`torch.nn.GRU` spends most of a small model's time on the overhead of single operations. Here both
directions take a step together in one batched product, a step is as wide as there are sequences left,
and everything in the backward pass that does not depend on the step after it is computed for all
steps at once. The equations are those of torch.nn.GRU and torch.nn.LSTM; a test holds the two together.

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
        state = inputs.new_zeros(len(weight), packed.sizes[0], size)
        steps = zip(
            inputs.split(packed.sizes, 1), plain_new.split(packed.sizes, 1), packed.sizes, strict=True
        )
        kept: list[tuple[Tensor, ...]] = []
        for step_inputs, step_new, count in steps:
            state = state[:, :count]
            sums = torch.baddbmm(step_inputs, state, weight)  # (D, n, 3H)
            gates = sums[..., : 2 * size].sigmoid()
            reset, update = gates.chunk(2, -1)
            whole_new = sums[..., 2 * size :]
            new = torch.lerp(step_new, whole_new, reset).tanh_()
            state = torch.lerp(new, state, update)
            kept.append((gates, whole_new, new, state))
        gates, whole_new, new, states = (torch.cat(parts, 1) for parts in zip(*kept, strict=True))
        ctx.save_for_backward(weight, gates, whole_new.sub_(plain_new), new, states)
        ctx.packed = packed
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_states: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        weight, gates, hidden_new, new, states = ctx.saved_tensors
        packed: Packed = ctx.packed
        directions, elements, size = new.shape
        reset, update = gates.chunk(2, -1)
        # d(gate before its activation) / d(state), for the hidden side: (D, P, 3, H)
        by_state = new.new_empty(directions, elements, 3, size)
        by_new = (1 - update) * (1 - new * new)
        by_state[:, :, 0] = by_new * hidden_new * (reset - reset * reset)
        by_state[:, :, 1] = (states - new) * (1 - update)
        by_state[:, :, 2] = by_new * reset

        grad = grad_states.clone()  # (D, P, H) becomes the whole gradient of every state
        transposed = weight.transpose(1, 2)
        grads, slopes, updates = (part.split(packed.sizes, 1) for part in (grad, by_state, update))
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
        state = inputs.new_zeros(len(weight), packed.sizes[0], size)
        memory = state
        kept: list[tuple[Tensor, ...]] = []
        for step_inputs, count in zip(inputs.split(packed.sizes, 1), packed.sizes, strict=True):
            before = memory[:, :count]
            sums = torch.baddbmm(step_inputs, state[:, :count], weight)  # (D, n, 4H)
            gates = sums[..., : 3 * size].sigmoid()
            take, keep, show = gates.chunk(3, -1)
            cell = sums[..., 3 * size :].tanh()
            memory = torch.addcmul(keep * before, take, cell)
            shown = memory.tanh()
            state = show * shown
            kept.append((gates, cell, before, shown, state))
        gates, cell, before, shown, states = (torch.cat(parts, 1) for parts in zip(*kept, strict=True))
        ctx.save_for_backward(weight, gates, cell, before, shown, states)
        ctx.packed = packed
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_states: Tensor) -> tuple[Tensor, Tensor, None]:
        weight, gates, cell, before_memory, shown, states = ctx.saved_tensors
        packed: Packed = ctx.packed
        directions, elements, size = cell.shape
        take, keep, show = gates.chunk(3, -1)
        # d(gate before its activation) / d(memory), for the output gate / d(state): (D, P, 4, H)
        slope = cell.new_empty(directions, elements, 4, size)
        slope[:, :, 0] = cell * (take - take * take)
        slope[:, :, 1] = before_memory * (keep - keep * keep)
        slope[:, :, 2] = shown * (show - show * show)
        slope[:, :, 3] = take * (1 - cell * cell)
        memory_by_state = show * (1 - shown * shown)

        grad = grad_states.clone()  # (D, P, H) becomes the whole gradient of every state
        grad_memory = torch.zeros_like(grad)
        grad_sums = torch.empty_like(slope)
        transposed = weight.transpose(1, 2)
        parts = (grad, grad_memory, grad_sums, slope, memory_by_state, keep)
        grads, memories, sums, slopes, by_states, keeps = (part.split(packed.sizes, 1) for part in parts)
        for step in range(len(packed.sizes) - 1, -1, -1):
            memories[step].addcmul_(grads[step], by_states[step])
            torch.mul(memories[step].unsqueeze(2), slopes[step], out=sums[step])
            torch.mul(grads[step], slopes[step][:, :, 2], out=sums[step][:, :, 2])
            if step > 0:
                count = packed.sizes[step]
                grads[step - 1][:, :count].baddbmm_(sums[step].flatten(2), transposed)
                torch.mul(memories[step], keeps[step], out=memories[step - 1][:, :count])
        flat = grad_sums.flatten(2)
        return flat, _weight_gradient(states, flat, packed), None


def _weight_gradient(states: Tensor, grad_sums: Tensor, packed: Packed) -> Tensor:
    """(D, H, gates) from the state before each step; the first steps have none."""
    before = states.index_select(1, packed.previous)  # (D, P - N, H)
    return torch.bmm(before.transpose(1, 2), grad_sums[:, packed.sizes[0] :])
