package dev.sallyport.extension.balance;

import dev.sallyport.api.traffic.LoadBalancer;

class RandomPickTest extends LoadBalancerContract {
    @Override
    LoadBalancer.Factory factory() {
        return new RandomPick.Factory().create(new RandomPick.Config(), CONTEXT);
    }
}
