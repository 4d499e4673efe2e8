package io.flagledger.server.examples;

import io.flagledger.core.evaluate.Subject;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import io.flagledger.sdk.gate.Gate;
import io.flagledger.sdk.gate.GateClosedException;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What docs/spring-boot.md and docs/javalin.md show. */
final class FrameworkExamples {
    private FrameworkExamples() {}

    // spring-boot.md
    @Configuration
    static class Flags {
        @Bean(destroyMethod = "close")
        FlagLedger flagLedger() throws InterruptedException {
            FlagLedger flags = FlagLedger.connect(FlagLedgerConfig.of("localhost:9092", "gastown-production"));
            flags.awaitReady(Duration.ofSeconds(10));
            return flags;
        }

        @Bean
        Gate<HttpServletRequest> gastown(FlagLedger flags) {
            return Gate.of(flags, "gastown", Flags::subject);
        }

        static Subject subject(HttpServletRequest request) {
            Principal principal = request.getUserPrincipal();
            return Subject.user(principal == null ? null : principal.getName())
                    .org((String) request.getAttribute("org"));
        }
    }

    @Configuration
    static class Gates implements WebMvcConfigurer {
        private final Gate<HttpServletRequest> gastown;

        Gates(Gate<HttpServletRequest> gastown) {
            this.gastown = gastown;
        }

        @Override
        public void addInterceptors(InterceptorRegistry registry) {
            registry.addInterceptor(new HandlerInterceptor() {
                        @Override
                        public boolean preHandle(
                                HttpServletRequest request, HttpServletResponse response, Object handler) {
                            gastown.check(request);
                            return true;
                        }
                    })
                    .addPathPatterns("/gastown/**");
        }
    }

    @ControllerAdvice
    static class ClosedGates {
        @ExceptionHandler(GateClosedException.class)
        @ResponseStatus(HttpStatus.NOT_FOUND)
        void notFound() {}
    }

    @RestController
    static class Town {
        private final Gate<HttpServletRequest> convoys;

        Town(FlagLedger flags) {
            convoys = Gate.of(flags, "gastown.convoys", Flags::subject);
        }

        @GetMapping("/gastown/rigs")
        String rigs(HttpServletRequest request) {
            return convoys.choose(request, () -> "rigs in convoys", () -> "rigs");
        }
    }

    // javalin.md
    static void javalin(JavalinConfig config, FlagLedger flags) {
        Gate<Context> gastown = Gate.of(
                flags,
                "gastown",
                request -> Subject.user(request.sessionAttribute("user")).org(request.sessionAttribute("org")));
        config.routes.before("/gastown/*", request -> {
            if (!gastown.allows(request)) {
                throw new NotFoundResponse();
            }
        });
        config.routes.get("/gastown/rigs", request -> request.result("rigs"));
    }

    static void closed(JavalinConfig config) {
        config.routes.exception(GateClosedException.class, (closed, request) -> request.status(404));
    }
}
