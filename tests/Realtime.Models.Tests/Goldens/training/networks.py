"""Upstream's networks with the golden weights: one call from batch to loss, in the precision asked for, dropout off."""

import json

import numpy as np
import torch

import tensor_file
import upstream


class Network:
    """A model, its sparse parameters (as upstream groups them) and its loss on some samples of the batch."""

    def __init__(self, folder, dtype):
        self.config = json.loads((folder / "config.json").read_text())
        self.weights = {name: torch.from_numpy(array) for name, array in tensor_file.read(folder / "weights.safetensors").items()}
        self.golden_inputs = tensor_file.read(folder / "inputs.safetensors")
        self.golden_outputs = tensor_file.read(folder / "outputs.safetensors")
        self.dtype = dtype
        self.model = None

    def prepare(self, model):
        self.model = model
        model.unit_emb.initialize_vocab(self.config["unit_vocab"][1:])
        model.session_emb.initialize_vocab(self.config["session_vocab"][1:])
        state = dict(self.weights)
        state["unit_emb.vocab"] = dict(model.unit_emb.vocab)
        state["session_emb.vocab"] = dict(model.session_emb.vocab)
        model.load_state_dict(state)
        # Angles stay double whatever the arithmetic: a float32 run then differs by rounding of the layers alone.
        model.to(self.dtype).eval().rotary_emb.double()

    def parameters(self):
        return dict(self.model.named_parameters())

    def is_sparse(self, name):
        return name.split(".")[0] in self.sparse_modules

    def tensors(self, batch, samples):
        return {name: torch.as_tensor(array)[samples] for name, array in batch.items()}

    def loss(self, batch, target, weights, samples):
        batch = self.tensors(batch, samples)
        pred = self.predict(batch)
        mask = batch["output_mask"]
        convert = lambda array: torch.as_tensor(array)[samples][mask].to(self.dtype)
        return self.loss_function(pred[mask], convert(target), convert(weights))


class Poyo(Network):
    sparse_modules = ["unit_emb", "session_emb"]

    def __init__(self, folder, clone, dtype):
        super().__init__(folder, dtype)
        self.prepare(upstream.poyo(clone)(**self.config["hyper_parameters"]))
        self.loss_function = upstream.poyo_loss(clone)

    def predict(self, batch):
        inputs = {name: value for name, value in batch.items() if name != "output_mask"}
        inputs["output_timestamps"] = inputs["output_timestamps"].double()
        return self.model(**inputs)

    def check(self):
        """The forward pass must be the golden one before its gradients are worth storing."""
        batch = {name: value for name, value in self.golden_inputs.items() if not name.startswith("raw.")}
        with torch.no_grad():
            return agreement(self.predict(self.tensors(batch, [0])), self.golden_outputs["f64.pred"], batch["output_mask"])


class Possm(Network):
    """The late revision: the authors' layers, strict masks, and a decoder with rotary periods of its own."""

    sparse_modules = ["unit_emb", "session_emb", "readout"]
    task = "cursor_velocity_2d"

    def __init__(self, folder, clone, dtype):
        super().__init__(folder, dtype)
        possm, self.loss_function = upstream.possm(clone)
        specs = {name: type("Spec", (), task) for name, task in self.config["readout_tasks"].items()}
        self.prepare(possm(**self.config["hyper_parameters"], readout_specs=specs))
        self.omega = torch.from_numpy(self.golden_outputs["late.dec_rotary_emb.omega"]).double()

    def decoder_angles(self, times):
        """Cosines, then sines, each angle twice, as the layers take them."""
        angle = (times.double()[..., None] * self.omega).repeat_interleave(2, -1)
        return torch.cat((angle.cos(), angle.sin()), -1)

    def predict(self, batch):
        model = self.model
        samples, chunks, _ = batch["spike_unit_index"].shape
        fold = lambda name: batch[name].flatten(0, 1)

        # Encoder: every chunk by itself.
        tokens = model.unit_emb(fold("spike_unit_index")) + model.token_type_emb(fold("spike_type"))
        token_angles = model.rotary_emb(fold("spike_timestamps").double())
        latents = model.latent_emb(batch["latent_index"]).repeat_interleave(chunks, 0)
        latent_angles = model.rotary_emb(batch["latent_timestamps"]).repeat_interleave(chunks, 0)
        latents = latents + model.enc_atn(latents, tokens, latent_angles, token_angles, fold("input_mask"))
        for attention, feed_forward in model.proc_layers:
            latents = latents + model.dropout(attention(latents, latent_angles))
            latents = latents + model.dropout(feed_forward(latents))
        latents = latents + model.enc_ffn(latents)

        states = model.backbone(latents.reshape(samples, chunks, -1))

        # Decoder: the query's chunk and the ones before it, at the times of their ends.
        query = model.task_emb(batch["output_decoder_index"]) + model.session_emb(batch["output_session_index"])
        last = batch["output_bin_index"].clamp(min=1)[..., None]
        chunk = torch.arange(chunks)
        seen = (chunk < last) & (chunk >= last - model.output_ca_ctx_lim)
        ends = ((chunk + 1).double() * model.bin_width).expand(samples, -1)
        context_angles = self.decoder_angles(ends)
        query = query + model.dec_atn(query, states, self.decoder_angles(batch["output_timestamps"]), context_angles, context_mask=seen)
        query = query + model.dec_ffn(query)
        return model.readout.projections[self.task](query)

    def check(self):
        batch = {name: value for name, value in self.golden_inputs.items() if not name.startswith("raw.")}
        batch["input_mask"] = batch.pop("token_mask")
        with torch.no_grad():
            return agreement(self.predict(self.tensors(batch, [0])), self.golden_outputs[f"late.f64.pred.{self.task}"], batch["output_mask"])


def agreement(pred, golden, mask):
    difference = np.abs(pred.numpy() - golden)[mask].max()
    assert difference < 1e-9, f"the forward pass differs from the golden one by {difference}"
    return difference
